import { inspect } from 'node:util';
import type { CallOptions } from '../../provider-answer';
import { ProviderError } from '../../provider-error';
import { textOf } from '../json-fields';
import { ApiBase, type ApiRequest } from './api-request';
import type { ClientSettings } from './client-settings';
import { HttpConnection, type HttpAnswer } from './http-connection';
import type { ClientTools, PaddleAccount } from './paddle-account';

const CORRELATION_ID = /^[\w.:-]{1,128}$/;

/** Sends single requests to one Paddle account, and tells log and metrics of each. The only holder of its key. */
export class PaddleConnection {
  readonly base: ApiBase;
  readonly #account: PaddleAccount;
  readonly #http: HttpConnection;

  constructor(
    account: PaddleAccount,
    private readonly tools: ClientTools,
    private readonly settings: ClientSettings,
  ) {
    this.base = new ApiBase(account.apiUrl);
    this.#account = account;
    this.#http = new HttpConnection(this.base.origin, settings, tools.timers);
  }

  /** @throws ProviderError when there is no answer */
  async send(request: ApiRequest, options: CallOptions): Promise<HttpAnswer> {
    const { operation } = request;
    const { timers } = this.tools;
    const startedMs = timers.nowMs();
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    try {
      const answer = await this.#http.exchange({
        method: operation.method,
        path: this.base.pathOf(request),
        headers: this.headersOf(options, body !== null),
        body,
        changes: operation.changes,
        limits: operation.mayCharge ? this.settings.payment : this.settings.ordinary,
        signal: options.signal,
      });
      this.tell(request, options, timers.nowMs() - startedMs, answer);
      return answer;
    } catch (error) {
      this.tell(request, options, timers.nowMs() - startedMs, error);
      throw error;
    }
  }

  /** Takes the key out of words that somebody else wrote. */
  scrub(text: string): string {
    return text.replaceAll(this.#account.apiKey, '[secret]').replaceAll(/\bpdl_\w+/g, '[secret]');
  }

  async close(): Promise<void> {
    await this.#http.close(this.settings.closeGraceMs);
  }

  [inspect.custom](): string {
    return `PaddleConnection(${this.#account.environment}, ${this.base.origin})`;
  }

  private headersOf({ correlationId }: CallOptions, hasBody: boolean): Record<string, string> {
    return {
      authorization: `Bearer ${this.#account.apiKey}`,
      'paddle-version': '1',
      accept: 'application/json',
      'user-agent': 'oarlock',
      ...(hasBody && { 'content-type': 'application/json' }),
      ...(correlationId && CORRELATION_ID.test(correlationId) && { 'x-transaction-id': correlationId }),
    };
  }

  private tell(request: ApiRequest, options: CallOptions, ms: number, ended: unknown): void {
    const { name, method, path } = request.operation;
    const { environment } = this.#account;
    const answer = isAnswer(ended) ? ended : null;
    const failure = ended instanceof ProviderError ? ended.failure : undefined;
    const labels = { environment, operation: name };
    this.tools.metrics.seconds.observe(labels, ms / 1000);
    this.tools.metrics.calls.inc({ ...labels, status: answer ? statusClass(answer.status) : (failure ?? 'error') });
    const seen = { status: answer?.status, requestId: textOf(answer?.headers['request-id']) ?? undefined, failure };
    const asked = { environment, operation: name, method, path, correlationId: options.correlationId };
    this.tools.logger.debug({ ...asked, ...seen, ms: Math.round(ms) }, 'a call to Paddle');
  }
}

function isAnswer(ended: unknown): ended is HttpAnswer {
  return typeof ended === 'object' && ended !== null && Object.hasOwn(ended, 'headers');
}

function statusClass(status: number): string {
  return status === 429 ? '429' : `${Math.floor(status / 100)}xx`;
}
