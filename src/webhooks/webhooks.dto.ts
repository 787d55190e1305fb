export class WebhookReceiptDto {
  eventId: string;
  /** `duplicate`: it was in the ledger already, at this position. */
  status: 'appended' | 'duplicate';
  position: number;
}
