import { ProviderError } from '../../provider-error';

/** Measures and waits. Injected, so that a test turns minutes by hand; not the wall clock, which may jump. */
export interface Timers {
  /** Milliseconds since some moment. */
  nowMs(): number;
  /** @returns what takes it back */
  after(ms: number, run: () => void): () => void;
}

export const systemTimers: Timers = {
  nowMs: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Waits, unless the caller gives up before. Nothing has been sent meanwhile. */
export function pause(timers: Timers, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      stopTimer();
      stopListening();
      finish();
    };
    const stopTimer = timers.after(ms, () => settle(resolve));
    const stopListening = whenAborted(signal, () => settle(() => reject(cancelled(signal))));
  });
}

/**
 * Runs once when the signal is aborted, later even if it is aborted already: who asks has time to note what comes back.
 * @returns what stops listening
 */
export function whenAborted(signal: AbortSignal | undefined, run: () => void): () => void {
  if (!signal) return () => undefined;
  let listening = true;
  const once = () => {
    if (listening) run();
  };
  if (signal.aborted) queueMicrotask(once);
  else signal.addEventListener('abort', once, { once: true });
  return () => {
    listening = false;
    signal.removeEventListener('abort', once);
  };
}

/** The caller gave up before anything was sent. */
export function cancelled(signal: AbortSignal | undefined): ProviderError {
  return new ProviderError({ failure: 'cancelled', outcome: 'not_done' }, { cause: signal?.reason });
}
