import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional } from 'class-validator';
import { IsPlainText } from '../platform/is-plain-text';

export class AccessSourceDto {
  type: 'subscription' | 'purchase' | 'grant';
  /**
   * Of the subscription, of the purchase's transaction, or of the grant.
   * @example "sub_01hv8x29kz0t586xy6zn1a62ny"
   */
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
    | 'purchase_completed'
    | 'purchase_refunded'
    | 'purchase_charged_back'
    | 'granted'
    | 'no_purchase';
  /** What gives the access, or what gave it last. */
  source: AccessSourceDto | null;
  /** When the access ends, as far as that is known now. */
  until: string | null;
  /** Units of all sources that give as much as the best. */
  quantity: number;
  /**
   * Only with `explain=true`: the answer in a sentence that can be sent to the user.
   * @example "You have full access to Rowboat Team until 1 May 2026 at 10:00 UTC; your subscription ends then."
   */
  explanation?: string;
  /** Only with `explain=true`: the ledger events that led to the answer. */
  evidence?: EvidenceDto[];
}

export class AccessDto {
  environment: 'sandbox' | 'live';
  products: ProductAccessDto[];
  /** Only with `explain=true`: all ledger events that led to the answer, in the order of the ledger. */
  evidence?: EvidenceDto[];
}

/** Whose access to what. */
export class AccessBatchRequestDto {
  /** Up to 100; each is answered once. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsPlainText(255, { each: true })
  userIds: string[];

  /** Product ids or names (`p_ref`), up to 100. Left out: whatever each user has, or once had. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsPlainText(128, { each: true })
  products?: string[];
}

export class UserAccessDto {
  userId: string;
  /** With `products`, one entry for each, in their order, also where there is nothing. */
  products: ProductAccessDto[];
}

export class AccessBatchDto {
  environment: 'sandbox' | 'live';
  /** In the order of the request. */
  users: UserAccessDto[];
}
