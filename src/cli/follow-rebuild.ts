import { setTimeout as delay } from 'node:timers/promises';
import { NoAnswer, Refused } from './call-app';
import type { ProgressDisplay } from './progress-display';
import type { ProjectionsApi, Rebuild } from './projections-api';

const POLL_MS = 250;
/** A restart of the app takes less; another process may go on with the rebuild meanwhile. */
const PATIENCE_MS = 30_000;

/**
 * Shows a rebuild until it waits for a decision or has ended.
 * @throws Error with the API's problem, or when the app stays away
 */
export async function followRebuild(
  api: Pick<ProjectionsApi, 'rebuild'>,
  { name, id }: { name: string; id: string },
  display: ProgressDisplay,
  signal: AbortSignal,
): Promise<Rebuild> {
  let last: Rebuild | null = null;
  let answeredAt = performance.now();
  try {
    for (;;) {
      const answer: Rebuild | Error = await api.rebuild(name, id, signal).catch((error: Error) => error);
      if (!(answer instanceof Error)) {
        last = answer;
        answeredAt = performance.now();
        if (hasEnded(answer)) return answer;
        display.show(name, answer, answer.state === 'ready' && !answer.diff ? 'comparing it with what is live' : null);
        if (answer.diff) return answer;
      } else if (isPassing(answer) && performance.now() - answeredAt < PATIENCE_MS) {
        if (last) display.show(name, last, 'no answer, asking again');
      } else throw answer;
      await delay(POLL_MS, undefined, { signal });
    }
  } finally {
    display.end();
  }
}

function hasEnded({ state }: Rebuild): boolean {
  return state !== 'running' && state !== 'ready';
}

function isPassing(error: Error): boolean {
  return error instanceof NoAnswer || (error instanceof Refused && error.status >= 500);
}
