import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock } from '../platform/clock';
import { CONFIG, type Config } from '../platform/config';
import { DomainError } from '../platform/domain-error';
import type { Environment } from '../platform/environment';
import { LOGGER } from '../platform/logger';
import type { BillingProvider } from './billing-provider';
import { settingsFor } from './paddle/client/client-settings';
import { PaddleClient } from './paddle/client/paddle-client';
import { systemTimers } from './paddle/client/timers';
import { PaddleProvider } from './paddle/paddle-provider';
import { ProviderMetrics } from './provider-metrics';

/** The billing provider of each environment. Nothing is called, and no connection opened, before the first call. */
@Injectable()
export class Providers implements OnApplicationShutdown {
  private readonly providers = new Map<Environment, PaddleProvider>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly metrics: ProviderMetrics,
  ) {}

  /** Whether `of` gives one. */
  isConfigured(environment: Environment): boolean {
    return this.config.paddle.apiKeys[environment] !== null;
  }

  /** @throws DomainError `provider_unavailable` when the environment has no API key: this installation only reads */
  of(environment: Environment): BillingProvider {
    const apiKey = this.config.paddle.apiKeys[environment];
    if (apiKey === null) {
      throw new DomainError('provider_unavailable', `No API key of the billing provider is set for ${environment}.`);
    }
    const provider = this.providers.get(environment) ?? this.connect(environment, apiKey);
    this.providers.set(environment, provider);
    return provider;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.providers.values()].map((provider) => provider.close()));
  }

  private connect(environment: Environment, apiKey: string): PaddleProvider {
    const { apiUrls, requestsPerMinute, timeoutMs } = this.config.paddle;
    const account = { environment, apiKey, apiUrl: apiUrls[environment], requestsPerMinute };
    const { clock, logger, metrics } = this;
    const tools = { clock, logger, metrics, timers: systemTimers, random: Math.random };
    return new PaddleProvider(new PaddleClient(account, tools, settingsFor(timeoutMs)));
  }
}
