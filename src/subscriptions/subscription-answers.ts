import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock';
import { ActiveProvider, ProductSettings } from '../settings';
import type { Subscription } from './subscription';
import { toSubscriptionDto } from './subscription-dto';
import type { SubscriptionDto } from './subscriptions.dto';

/** Subscriptions of the active environment as the API shows them now, with what is configured of their products. */
@Injectable()
export class SubscriptionAnswers {
  constructor(
    private readonly active: ActiveProvider,
    private readonly settings: ProductSettings,
    private readonly clock: Clock,
  ) {}

  of(subscription: Subscription): SubscriptionDto {
    return toSubscriptionDto(subscription, this.clock.now(), this.settings.of(this.active.environment));
  }
}
