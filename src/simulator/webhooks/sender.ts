import { Agent, type Dispatcher } from 'undici';
import type { Answer } from './notification';

/** What of an answer is kept: there are millions of them. */
const KEPT_BODY_BYTES = 1_000;

/** Posts bodies over connections that are kept open. Redirects are not followed. */
export class Sender {
  private readonly agent: Agent;

  /** @param timeoutMs real time for the whole answer, from the moment when the request goes out */
  constructor(private readonly timeoutMs: number) {
    // The time-out of the answer is our own: undici's counts headers and each piece of the body apart.
    this.agent = new Agent({ connect: { timeout: timeoutMs }, headersTimeout: 0, bodyTimeout: 0 });
  }

  /** Never rejects: what goes wrong is an answer with code 0 that says so. */
  post(url: string, body: Buffer, signature: string): Promise<Answer> {
    return new Promise((resolve) => {
      const exchange = new Exchange(this.timeoutMs, resolve);
      try {
        const { origin, pathname, search } = new URL(url);
        const headers = {
          'content-type': 'application/json',
          'user-agent': 'Paddle/1.0 (Oarlock simulator)',
          'paddle-signature': signature,
        };
        this.agent.dispatch({ origin, path: pathname + search, method: 'POST', headers, body }, exchange);
      } catch (error) {
        exchange.fail(error);
      }
    });
  }

  /** Closes every connection; what is in flight is answered with code 0. */
  async stop(): Promise<void> {
    await this.agent.destroy();
  }
}

class TimedOut extends Error {
  readonly code = 'TIMED_OUT';
}

/** One request and its answer. Undici's own reader of bodies costs a stream for each, most of them empty. */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly answer: Answer = { code: 0, contentType: null, body: '' };
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly timeoutMs: number,
    private readonly resolve: (answer: Answer) => void,
  ) {}

  onRequestStart(controller: Dispatcher.DispatchController): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => controller.abort(new TimedOut()), this.timeoutMs);
  }

  onResponseStart(_: Dispatcher.DispatchController, code: number, headers: Record<string, string | string[] | undefined>): void {
    const type = headers['content-type'];
    this.answer.code = code;
    this.answer.contentType = typeof type === 'string' ? type : null;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = KEPT_BODY_BYTES - this.answer.body.length;
    if (room > 0) this.answer.body += chunk.toString('utf8', 0, room);
  }

  onResponseEnd(): void {
    clearTimeout(this.timer);
    this.resolve(this.answer);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  /** Half an answer is none: its code is forgotten. */
  fail(error: unknown): void {
    clearTimeout(this.timer);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'CONNECTION_FAILED';
    this.resolve({ code: 0, contentType: null, body: code });
  }
}
