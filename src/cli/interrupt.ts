/** Ctrl-C has ended what was waited for. The shells' exit code for it. */
export class Interrupted extends Error {
  readonly exitCode = 130;
}

/**
 * Gives work a signal that the first Ctrl-C raises; the second ends the process at once.
 * @param message what to say after the first
 * @throws Interrupted
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>, message: () => string): Promise<T> {
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', onInterrupt);
  try {
    const result = await work(controller.signal);
    controller.signal.throwIfAborted();
    return result;
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw new Interrupted(message(), { cause: error });
    throw error;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}
