export class AccessSourceDto {
  type: 'subscription';
  /** @example "sub_01hv8x29kz0t586xy6zn1a62ny" */
  id: string;
}

export class EvidenceDto {
  /** For `GET /ledger/events/{ref}`. */
  ref: string;
  position: number;
  eventId: string;
  /** @example "subscription.activated" */
  eventType: string;
  occurredAt: string;
  /**
   * What the event changed, in a sentence.
   * @example "the subscription went from active to past_due"
   */
  effect: string;
}

export class ProductAccessDto {
  /** @example "pro_01gsz4t5hdjse780zja8vvr7jg" */
  productId: string;
  /** The product's name in the configuration (`p_ref`). */
  ref: string | null;
  access: 'full' | 'read_only' | 'none';
  reason:
    | 'subscription_trialing'
    | 'subscription_active'
    | 'subscription_past_due'
    | 'subscription_paused'
    | 'subscription_canceled'
    | 'cancellation_scheduled'
    | 'subscription_status_unknown'
    | 'no_purchase';
  /** What gives the access, or what gave it last. */
  source: AccessSourceDto | null;
  /** When the access ends, as far as that is known now. */
  until: string | null;
  quantity: number;
  /** Only with `explain=true`: the ledger events that led to the answer. */
  evidence?: EvidenceDto[];
}

export class AccessDto {
  environment: 'sandbox' | 'live';
  products: ProductAccessDto[];
  /** Only with `explain=true`: all ledger events that led to the answer, in the order of the ledger. */
  evidence?: EvidenceDto[];
}
