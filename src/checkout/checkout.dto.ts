import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { OrderedItemDto } from '../catalog';

const ID = /^[\w-]{1,64}$/;

export class CheckoutDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => OrderedItemDto)
  items: OrderedItemDto[];

  /** As the user types it. */
  @IsOptional()
  @IsString()
  @Matches(/^[\w-]{1,64}$/, { message: 'discountCode is not a code' })
  discountCode?: string;

  /** Where the checkout page sends the user after the payment: handed on to it as `success_url`. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  @MaxLength(2000)
  successUrl?: string;
}

export class CheckoutCreatedDto {
  transactionId: string;
  /** Where the user pays. */
  checkoutUrl: string;
}

export class PortalDto {
  /** Links into these subscriptions as well; all of one customer. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(25)
  @Matches(ID, { each: true, message: 'subscriptionIds must hold ids' })
  subscriptionIds?: string[];
}

export class PortalSubscriptionDto {
  id: string;
  cancelUrl: string | null;
  updatePaymentMethodUrl: string | null;
}

export class PortalSessionDto {
  /** Short-lived: neither store nor share it. */
  overviewUrl: string;
  subscriptions: PortalSubscriptionDto[];
}
