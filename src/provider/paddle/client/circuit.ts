import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
} from 'cockatiel';
import { ProviderError } from '../../provider-error';
import { isServerFailure, type HttpAnswer } from './http-connection';
import type { Timers } from './timers';

export interface CircuitOptions {
  /** So many failures in a row open it. */
  failures: number;
  /** So long nobody is let through; then one call tries. */
  openMs: number;
  onChange(state: CircuitName): void;
}

export type CircuitName = 'closed' | 'half_open' | 'open';

const NAMES: Record<CircuitState, CircuitName> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
};

/** Leaves a provider alone that has failed several times in a row, so that nobody waits for what will not come. */
export class Circuit {
  private readonly breaker: CircuitBreakerPolicy;
  private openUntilMs = 0;

  constructor(
    options: CircuitOptions,
    private readonly timers: Timers,
  ) {
    const policy = handleWhen((error) => this.isFailure(error)).orWhenResult((answer) =>
      isServerFailure((answer as HttpAnswer).status),
    );
    this.breaker = circuitBreaker(policy, {
      halfOpenAfter: options.openMs,
      breaker: new ConsecutiveBreaker(options.failures),
    });
    this.breaker.onBreak(() => {
      this.openUntilMs = this.timers.nowMs() + options.openMs;
    });
    this.breaker.onStateChange((state) => options.onChange(NAMES[state]));
  }

  /**
   * Asked before a call waits for its turn. While one call tries whether the provider is back, the others do not wait
   * for what comes of it.
   * @throws ProviderError `circuit_open`
   */
  refuseWhileOpen(): void {
    const { state } = this.breaker;
    const leftMs = state === CircuitState.HalfOpen ? 1 : this.openUntilMs - this.timers.nowMs();
    if (state !== CircuitState.Closed && leftMs > 0) throw this.refusal(leftMs);
  }

  /** @throws ProviderError `circuit_open`, or what the call threw */
  async run(call: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    this.refuseWhileOpen();
    try {
      return await this.breaker.execute(call);
    } catch (error) {
      throw error instanceof BrokenCircuitError ? this.refusal(1000) : error;
    }
  }

  /** A call that its caller gave up says nothing of the provider; but when it was the one to try, nobody knows yet. */
  private isFailure(error: unknown): boolean {
    if (!(error instanceof ProviderError)) return false;
    if (error.failure === 'cancelled') return this.breaker.state === CircuitState.HalfOpen;
    return error.failure === 'unreachable' || error.failure === 'timed_out';
  }

  private refusal(leftMs: number): ProviderError {
    const retryAfterSeconds = Math.max(1, Math.ceil(leftMs / 1000));
    return new ProviderError({ failure: 'circuit_open', outcome: 'not_done', retryAfterSeconds });
  }
}
