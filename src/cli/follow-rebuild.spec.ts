import { NoAnswer, Refused } from './call-app';
import { followRebuild } from './follow-rebuild';
import { ProgressDisplay } from './progress-display';
import type { Rebuild, RebuildDiff } from './projections-api';

const TARGET = { name: 'subscriptions', id: '2' };
const DIFF: RebuildDiff = { added: 0, removed: 0, changed: 0, changedFields: {}, access: null };
const RUNNING: Rebuild = {
  id: '2',
  projection: 'subscriptions',
  version: 2,
  state: 'running',
  processed: 5,
  total: 10,
  eventsPerSecond: null,
  etaSeconds: null,
  parkedStreams: 0,
  diff: null,
  error: null,
};

/** Follows a rebuild of which the app says this, one after the other. */
async function follow(answers: (Rebuild | Error)[], signal = new AbortController().signal) {
  const written: string[] = [];
  const display = new ProgressDisplay({ isTTY: true, columns: 100, write: (text) => written.push(text) });
  const asked = answers.values();
  const rebuild = () => {
    const answer = asked.next().value!;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const outcome = await followRebuild({ rebuild }, TARGET, display, signal).catch((error: Error) => error);
  return { outcome, shown: written.join('') };
}

beforeEach(() => void jest.useFakeTimers({ advanceTimers: 100, doNotFake: ['performance'] }));
afterEach(() => void jest.useRealTimers());

it('waits until a rebuild that is ready has been compared', async () => {
  const ready: Rebuild = { ...RUNNING, state: 'ready', processed: 10 };
  const { outcome, shown } = await follow([RUNNING, ready, { ...ready, diff: DIFF }]);
  expect(outcome).toEqual({ ...ready, diff: DIFF });
  expect(shown).toMatch(/ 50%.* 100%.*comparing it with what is live.* 100%/s);
});

it.each(['live', 'cancelled', 'failed'] as const)('stops when it is %s', async (state) => {
  expect((await follow([RUNNING, { ...RUNNING, state }])).outcome).toMatchObject({ state });
});

it('asks again while the app restarts', async () => {
  const away = [new NoAnswer('nobody'), new Refused(503, { code: 'service_unavailable' })];
  const { outcome, shown } = await follow([RUNNING, ...away, { ...RUNNING, state: 'live' }]);
  expect(outcome).toMatchObject({ state: 'live' });
  expect(shown).toMatch(/no answer, asking again/);
});

it('gives up at once when the app refuses', async () => {
  const refused = new Refused(401, { code: 'unauthenticated', detail: 'It has expired.' });
  expect((await follow([RUNNING, refused])).outcome).toBe(refused);
});

it('stops at a signal', async () => {
  expect((await follow([RUNNING], AbortSignal.abort())).outcome).toMatchObject({ name: 'AbortError' });
});
