import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsRFC3339,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { OrderedItemDto } from '../catalog';
import { MoneyDto } from '../platform/money.dto';
import type { EffectiveFrom, ProrationBillingMode } from '../provider';

const ID = /^[\w-]{1,64}$/;
const EFFECTIVE: EffectiveFrom[] = ['next_billing_period', 'immediately'];
const PRORATION: ProrationBillingMode[] = [
  'prorated_immediately',
  'prorated_next_billing_period',
  'full_immediately',
  'full_next_billing_period',
  'do_not_bill',
];

export class SubscriptionTargetDto {
  /** @example "sub_01hv8x29kz0t586xy6zn1a62ny" */
  @Matches(ID, { message: 'subscriptionId is not an id' })
  subscriptionId: string;
}

export class CancelSubscriptionDto extends SubscriptionTargetDto {
  /** `next_billing_period` by default. A paused or past-due subscription ends now either way. */
  @IsOptional()
  @IsIn(EFFECTIVE)
  effectiveFrom?: EffectiveFrom;

  /** Kept on the ledger. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string;
}

export class PauseSubscriptionDto extends SubscriptionTargetDto {
  @IsOptional()
  @IsIn(EFFECTIVE)
  effectiveFrom?: EffectiveFrom;

  /** When it goes on by itself. */
  @IsOptional()
  @IsRFC3339()
  resumeAt?: string;
}

export class ResumeSubscriptionDto extends SubscriptionTargetDto {
  /** `immediately` (default), or a time. */
  @IsOptional()
  @Matches(/^(immediately|\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2}))$/, {
    message: 'effectiveFrom must be "immediately" or a time of RFC 3339',
  })
  effectiveFrom?: string;

  /** Whether a new period is charged now, or the one that was paid goes on. */
  @IsOptional()
  @IsIn(['start_new_billing_period', 'continue_existing_billing_period'])
  onResume?: 'start_new_billing_period' | 'continue_existing_billing_period';
}

export class UpdateSubscriptionDto extends SubscriptionTargetDto {
  /** Takes the place of the plan; addons stay. Either this or `items`. */
  @IsOptional()
  @Matches(ID, { message: 'priceId is not an id' })
  priceId?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  quantity?: number;

  /** Everything that the subscription shall have: what is not named is removed. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => OrderedItemDto)
  items?: OrderedItemDto[];

  /** `prorated_immediately` by default; `do_not_bill` during a trial. */
  @IsOptional()
  @IsIn(PRORATION)
  prorationBillingMode?: ProrationBillingMode;

  /** `prevent_change` by default: a declined payment leaves everything as it is. */
  @IsOptional()
  @IsIn(['prevent_change', 'apply_change'])
  onPaymentFailure?: 'prevent_change' | 'apply_change';

  /** `next_billing_period` keeps everything as it is until the period that is paid has ended. */
  @IsOptional()
  @IsIn(EFFECTIVE)
  effectiveFrom?: EffectiveFrom;
}

export class PaymentMethodCheckoutDto {
  transactionId: string;
  /** Where the user gives another payment method. */
  checkoutUrl: string;
}

export class NextTransactionDto {
  total: MoneyDto;
  billedAt: string | null;
}

export class PreviewedItemDto {
  priceId: string;
  productId: string;
  productName: string | null;
  priceName: string | null;
  quantity: number;
}

export class AccessChangeDto {
  /** Products. */
  gained: string[];
  lost: string[];
}

export class SeatChangeDto {
  productId: string;
  before: number;
  after: number;
}

export class SeatLostDto {
  /** @example "lic_5f0c1d9e8b7a64523100ffeedd" */
  licenseId: string;
  entityId: string;
  productId: string;
}

export class UpdatePreviewDto {
  /** What is paid now. */
  immediate: MoneyDto | null;
  /** What is credited for time that was paid and is not used. */
  credit: MoneyDto | null;
  nextTransaction: NextTransactionDto | null;
  /** Of every period after that. */
  recurring: MoneyDto | null;
  items: PreviewedItemDto[];
  access: AccessChangeDto;
  seats: SeatChangeDto[];
  /** Who would lose their license, because fewer seats would be left than are used. */
  seatsLost: SeatLostDto[];
}
