import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, in real time. */
export type Pause = (ms: number) => Promise<void>;

/** A pause that `signal` ends at once. */
export function pauseUntil(signal: AbortSignal): Pause {
  return async (ms) => {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
}
