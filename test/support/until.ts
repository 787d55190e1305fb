import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again until the answer is there.
 * @throws what was asked last, when it never is
 */
export async function until<T>(ask: () => Promise<T | null | undefined | false>, what: string, timeoutMs = 15_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`it never happened: ${what}`);
    await delay(5);
  }
}
