import { inspect } from 'node:util';
import type { Instant } from '../../../platform/instant';
import type { CallOptions } from '../../provider-answer';
import { ProviderError } from '../../provider-error';
import type { Json } from '../json-fields';
import type { ApiRequest } from './api-request';
import { CallLimiter } from './call-limiter';
import { Circuit, type CircuitName } from './circuit';
import { CLIENT_SETTINGS, type ClientSettings } from './client-settings';
import type { HttpAnswer } from './http-connection';
import type { ClientTools, PaddleAccount } from './paddle-account';
import { PaddleConnection } from './paddle-connection';
import { errorOf, requestIdOf, unreadable } from './paddle-errors';
import { parseBody } from './parse-body';
import { ProviderClock, type SendingMark } from './provider-clock';
import { retryDelayMs } from './retries';
import { pause } from './timers';

/** A success of Paddle's API. */
export interface ApiAnswer {
  status: number;
  /** The exact bytes. */
  body: Buffer;
  /** The same, parsed; it has a `data` that is not null. */
  json: Json;
  requestId: string | null;
  /** The moment before the request was sent, on Paddle's clock. */
  sentAt: Instant;
}

/** Longer pauses are not believed: all calls stop for them, and Paddle counts by the minute. */
const MAX_HOLD_MS = 60_000;
const CIRCUIT_VALUES: Record<CircuitName, number> = { closed: 0, half_open: 1, open: 2 };

/** Calls one Paddle account: below its rate limit, with patience where that is safe, and never the same change twice. */
export class PaddleClient {
  readonly connection: PaddleConnection;
  private readonly limiter: CallLimiter;
  private readonly circuit: Circuit;
  private readonly providerClock: ProviderClock;
  private readonly environment: string;

  constructor(
    account: PaddleAccount,
    private readonly tools: ClientTools,
    private readonly settings: ClientSettings = CLIENT_SETTINGS,
  ) {
    const { environment, requestsPerMinute: requests } = account;
    const { windowMs, maxWaitMs, circuit } = settings;
    this.environment = environment;
    this.connection = new PaddleConnection(account, tools, settings);
    const keptForUsers = Math.floor(requests * settings.keptForUsers);
    this.limiter = new CallLimiter({ requests, windowMs, keptForUsers, maxWaitMs }, tools.timers);
    this.circuit = new Circuit({ ...circuit, onChange: (state) => this.circuitChanged(state) }, tools.timers);
    this.providerClock = new ProviderClock(tools.clock);
    tools.metrics.circuit.set({ environment }, CIRCUIT_VALUES.closed);
  }

  /** @throws ProviderError */
  async call(request: ApiRequest, options: CallOptions): Promise<ApiAnswer> {
    const { operation } = request;
    const startedMs = this.tools.timers.nowMs();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(request, options);
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        const elapsedMs = this.tools.timers.nowMs() - startedMs;
        const { priority } = options;
        const failed = { error, attempt, repeatable: !operation.changes, priority, elapsedMs, random: this.tools.random() };
        const delayMs = retryDelayMs(failed, this.settings.retries);
        if (delayMs === null) throw error;
        this.tools.metrics.retries.inc({ environment: this.environment, operation: operation.name });
        await pause(this.tools.timers, delayMs, options.signal);
      }
    }
  }

  /** Lets calls in flight end, for a moment. */
  async close(): Promise<void> {
    await this.connection.close();
  }

  [inspect.custom](): string {
    return `PaddleClient(${this.environment}, ${this.connection.base.origin})`;
  }

  private async attempt(request: ApiRequest, options: CallOptions): Promise<ApiAnswer> {
    this.circuit.refuseWhileOpen();
    await this.turnOf(options);
    let mark!: SendingMark;
    const answer = await this.circuit.run(() => {
      mark = this.providerClock.mark(options.newerThan);
      return this.connection.send(request, options);
    });
    const sentAt = this.providerClock.sentAt(mark, answer.headers.date);
    return { ...this.accept(answer, request.operation.changes), sentAt };
  }

  private async turnOf({ priority, signal }: CallOptions): Promise<void> {
    const labels = { environment: this.environment, priority };
    this.tools.metrics.waiting.inc(labels);
    try {
      await this.limiter.take(priority, signal);
    } finally {
      this.tools.metrics.waiting.dec(labels);
    }
  }

  private accept(answer: HttpAnswer, changes: boolean): Omit<ApiAnswer, 'sentAt'> {
    const { status, body } = answer;
    const json = parseBody(body);
    if (status < 200 || status >= 300) {
      const context = { changes, nowMs: this.tools.clock.nowMs(), scrub: (text: string) => this.connection.scrub(text) };
      const error = errorOf(answer, json, context);
      if (error.failure === 'rate_limited') this.limiter.holdBack(Math.min((error.retryAfterSeconds ?? 0) * 1000, MAX_HOLD_MS));
      throw error;
    }
    if (json?.data === undefined || json.data === null) throw unreadable(answer, json, changes);
    return { status, body, json, requestId: requestIdOf(answer, json) };
  }

  private circuitChanged(state: CircuitName): void {
    this.tools.metrics.circuit.set({ environment: this.environment }, CIRCUIT_VALUES[state]);
    this.tools.logger.warn({ environment: this.environment, circuit: state }, 'the circuit to Paddle changed');
  }
}
