import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

/** A price of the catalog, and how many of it. */
export class OrderedItemDto {
  /** @example "pri_01hv0vax6rv18t4tamj848ne4d" */
  @Matches(/^[\w-]{1,64}$/, { message: 'priceId is not an id' })
  priceId: string;

  /** Left out: as many as there are already, else 1. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  quantity?: number;
}
