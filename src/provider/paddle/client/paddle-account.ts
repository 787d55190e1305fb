import type { Logger } from 'pino';
import type { Clock } from '../../../platform/clock';
import type { Environment } from '../../../platform/environment';
import type { ProviderMetrics } from '../../provider-metrics';
import type { Timers } from './timers';

/** Whom to call, and as whom. */
export interface PaddleAccount {
  environment: Environment;
  apiKey: string;
  apiUrl: string;
  requestsPerMinute: number;
}

/** What a client works with. */
export interface ClientTools {
  clock: Clock;
  logger: Logger;
  metrics: ProviderMetrics;
  timers: Timers;
  /** From 0 to 1. */
  random(): number;
}
