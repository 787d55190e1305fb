import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { describe } from '../platform/database';
import type { Environment } from '../platform/environment';
import { LOGGER } from '../platform/logger';
import { Providers, type ManagementUrls } from '../provider';

/** The provider's short-lived links for managing subscriptions: asked for when wanted, and kept nowhere. */
@Injectable()
export class ManagementLinks {
  constructor(
    private readonly providers: Providers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns null for those that the provider gives no links for now: the rest of an answer does not depend on them */
  async of(environment: Environment, subscriptionIds: string[]): Promise<Map<string, ManagementUrls | null>> {
    const links = subscriptionIds.map(async (id) => [id, await this.ask(environment, id)] as const);
    return new Map(await Promise.all(links));
  }

  private async ask(environment: Environment, id: string): Promise<ManagementUrls | null> {
    try {
      const options = { priority: 'user', managementUrls: true } as const;
      return (await this.providers.of(environment).getSubscription(id, options)).value.managementUrls;
    } catch (error) {
      this.logger.warn({ subscriptionId: id, err: describe(error) }, 'the provider gave no management links');
      return null;
    }
  }
}
