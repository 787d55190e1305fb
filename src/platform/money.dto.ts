export class MoneyDto {
  /**
   * In the lowest unit of the currency, as text.
   * @example "2999"
   */
  amount: string;
  /** @example "USD" */
  currency: string;
}
