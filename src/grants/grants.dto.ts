import { IsInt, IsOptional, IsRFC3339, Max, Min, ValidateIf } from 'class-validator';
import { IsPlainText } from '../platform/is-plain-text';

export class GiveGrantDto {
  /**
   * Who gets the access: the user id of their tokens.
   * @example "user_7"
   */
  @IsPlainText(255)
  userId: string;

  /**
   * A product's id, or its name in the configuration (`p_ref`).
   * @example "pro_01gsz4t5hdjse780zja8vvr7jg"
   */
  @IsPlainText(128)
  product: string;

  /**
   * When the access ends; null: not before it is revoked.
   * @example "2027-01-01T00:00:00Z"
   */
  @ValidateIf(({ until }: GiveGrantDto) => until !== null)
  @IsRFC3339({ message: 'until must be a time of RFC 3339, or null' })
  until: string | null;

  /** 1 by default. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  quantity?: number;

  /** Why, in up to 500 characters; kept on the ledger with your name. */
  @IsPlainText(500)
  reason: string;
}

export class RevokeGrantDto {
  /** Why, in up to 500 characters; kept on the ledger with your name. */
  @IsPlainText(500)
  reason: string;
}

export class GrantDto {
  /** @example "grant_3f2b8c0e9d5a4b7c8e1f6a2d4c9b7e50" */
  id: string;
  userId: string;
  productId: string;
  /** The product's name in the configuration (`p_ref`). */
  ref: string | null;
  until: string | null;
  quantity: number;
  reason: string;
  /** Whether it gives access now: it is not revoked, and has not ended. */
  inForce: boolean;
  givenAt: string;
  /** The admin's user id. */
  givenBy: string;
  revokedAt: string | null;
  revokedBy: string | null;
  revokeReason: string | null;
  /** Of the event that gave it; the whole story is the stream `grant:<id>`. */
  eventId: string;
}

export class GrantPageDto {
  /** Newest first. */
  data: GrantDto[];
  /** For `after`; null on the last page. */
  nextCursor: string | null;
}
