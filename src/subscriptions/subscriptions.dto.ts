import { MoneyDto } from '../platform/money.dto';

export class SubscriptionProductDto {
  /** @example "pro_01gsz4t5hdjse780zja8vvr7jg" */
  id: string;
  /** The product's name in the configuration (`p_ref`). */
  ref: string | null;
  name: string | null;
  priceId: string;
  priceName: string | null;
  quantity: number;
  recurring: boolean;
}

export class PeriodDto {
  startsAt: string;
  endsAt: string;
}

export class ScheduledChangeDto {
  /** `cancel`, `pause` or `resume`; `switch` for a change of items that waits for the next billing period. */
  action: string;
  effectiveAt: string;
  resumeAt: string | null;
}

export class SubscriptionActionsDto {
  cancel: boolean;
  pause: boolean;
  resume: boolean;
  switch: boolean;
  updatePaymentMethod: boolean;
}

export class PaymentMethodDto {
  /** @example "card" */
  type: string;
  brand: string | null;
  last4: string | null;
}

export class PaymentDto {
  total: MoneyDto;
  at: string;
  method: PaymentMethodDto | null;
}

export class ManagementUrlsDto {
  updatePaymentMethod: string | null;
  cancel: string | null;
}

export class SubscriptionDto {
  /** @example "sub_01hv8x29kz0t586xy6zn1a62ny" */
  id: string;
  /** `trialing`, `active`, `past_due`, `paused` or `canceled`; a status that Paddle adds later is passed through. */
  status: string;
  access: 'full' | 'read_only' | 'none';
  planType: 'FREE' | 'PAID';
  products: SubscriptionProductDto[];
  /** `automatic` or `manual`. */
  collectionMode: string | null;
  /** @example "USD" */
  currency: string | null;
  startedAt: string | null;
  trialEndsAt: string | null;
  currentPeriod: PeriodDto | null;
  nextBilledAt: string | null;
  pausedAt: string | null;
  canceledAt: string | null;
  /** What will be done at `effectiveAt`; not true before. */
  scheduledChange: ScheduledChangeDto | null;
  /** What the user may do now, so that a frontend can gate its buttons. */
  actions: SubscriptionActionsDto;
  /** Only with `?include=managementUrls`; null when the provider gives none now. Neither store nor share them. */
  managementUrls?: ManagementUrlsDto | null;
  /** The last payment that went through. */
  lastPayment: PaymentDto | null;
}

export class SubscriptionStatusDto {
  environment: 'sandbox' | 'live';
  /** Newest first; those that lapsed are included. */
  subscriptions: SubscriptionDto[];
}
