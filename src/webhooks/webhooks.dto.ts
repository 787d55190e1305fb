export class WebhookReceiptDto {
  eventId: string;
  /** `duplicate`: it was in the ledger already, at this position. */
  status: 'appended' | 'duplicate';
  /** Names the event in the ledger: `<shard>-<position>`. */
  ref: string;
  position: number;
}
