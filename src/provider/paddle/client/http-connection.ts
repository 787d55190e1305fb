import type { IncomingHttpHeaders } from 'node:http';
import { Pool, type Dispatcher } from 'undici';
import { ProviderError, type ProviderFailure } from '../../provider-error';
import { whenAborted, type Timers } from './timers';

export interface HttpCall {
  method: 'GET' | 'POST' | 'PATCH';
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: string | null;
  /** Whether it may be made, even though nobody heard the answer. */
  changes: boolean;
  limits: { headersMs: number; totalMs: number };
  signal: AbortSignal | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface ConnectionOptions {
  connectMs: number;
  maxAnswerBytes: number;
}

/** The server, or what stands before it, could not do its work. */
export function isServerFailure(status: number): boolean {
  return status >= 500 || status === 408;
}

/** Connections to one server and no other. One call, one request: nothing here repeats or follows anything. */
export class HttpConnection {
  readonly #pool: Pool;

  constructor(
    origin: string,
    private readonly options: ConnectionOptions,
    private readonly timers: Timers,
  ) {
    const { connectMs, maxAnswerBytes } = options;
    this.#pool = new Pool(origin, { connect: { timeout: connectMs }, maxResponseSize: maxAnswerBytes, pipelining: 1 });
  }

  /** @throws ProviderError whose `outcome` knows whether the request left this machine */
  exchange(call: HttpCall): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(call, resolve, reject);
      const stops = [
        this.timers.after(this.options.connectMs, () => exchange.giveUpUnsent()),
        this.timers.after(call.limits.totalMs, () => exchange.giveUp('timed_out')),
        whenAborted(call.signal, () => exchange.giveUp('cancelled', call.signal?.reason)),
      ];
      exchange.onSettled = () => stops.forEach((stop) => stop());
      const { method, path, headers, body, limits } = call;
      const timeouts = { headersTimeout: limits.headersMs, bodyTimeout: limits.headersMs };
      this.#pool.dispatch({ method, path, headers, body, ...timeouts }, exchange);
    });
  }

  /** Lets calls in flight end, but not for longer than that. */
  async close(graceMs: number): Promise<void> {
    const closed = this.#pool.close().catch(() => undefined); // fails when it is destroyed meanwhile
    const stopTimer = this.timers.after(graceMs, () => void this.#pool.destroy());
    await closed.finally(stopTimer);
  }
}

/** Follows one request through undici's callbacks, which say more than its promises: when it is handed to the socket. */
class Exchange implements Dispatcher.DispatchHandler {
  onSettled: () => void = () => undefined;
  private controller: Dispatcher.DispatchController | null = null;
  private settled = false;
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private readonly chunks: Buffer[] = [];

  constructor(
    private readonly call: HttpCall,
    private readonly resolve: (answer: HttpAnswer) => void,
    private readonly reject: (error: ProviderError) => void,
  ) {}

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Undici starts a request again when its connection closes in a way that it takes for harmless. We decide that.
    const again = this.controller !== null;
    this.controller = controller;
    if (again || this.settled) controller.abort(new Error('given up before it was sent'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.settle(() => this.resolve({ status: this.status, headers: this.headers, body: Buffer.concat(this.chunks) }));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(failureOf(error), error);
  }

  /** Undici's own limit for connecting counts in whole seconds. */
  giveUpUnsent(): void {
    if (this.controller === null) this.giveUp('timed_out');
  }

  giveUp(failure: ProviderFailure, reason?: unknown): void {
    const { controller } = this;
    this.fail(failure, reason);
    controller?.abort(new Error('given up'));
  }

  private fail(failure: ProviderFailure, cause: unknown): void {
    const outcome = this.call.changes && this.controller !== null ? 'unknown' : 'not_done';
    this.settle(() => this.reject(new ProviderError({ failure, outcome }, { cause })));
  }

  private settle(finish: () => void): void {
    if (this.settled) return;
    this.settled = true;
    this.onSettled();
    finish();
  }
}

function failureOf(error: Error & { code?: string }): ProviderFailure {
  const code = error.code ?? '';
  if (['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'].includes(code)) {
    return 'timed_out';
  }
  return code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' || code.startsWith('HPE_') ? 'unreadable' : 'unreachable';
}
