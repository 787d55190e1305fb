import { ApiProperty } from '@nestjs/swagger';

export class SyncTransactionDto {
  /** @example "txn_01hv8wptq8987qeep44cyrewp9" */
  id: string;
  /** Whether any event of it has arrived. */
  seen: boolean;
  status: string | null;
}

export class SyncStatusDto {
  /** With `transactionId`: the transaction is completed and it and its subscription are in every read model. Without: nothing is pending. */
  complete: boolean;
  state: 'up_to_date' | 'pending';
  /** The same as the header `Ledger-Position`: with one shard a number, with several an opaque text. */
  @ApiProperty({ oneOf: [{ type: 'integer' }, { type: 'string' }] })
  position: number | string;
  /** Events in the ledger that the read models do not show yet. */
  pendingEvents: number;
  /** When the newest of Paddle's news was recorded. */
  lastSyncedAt: string | null;
  transaction: SyncTransactionDto | null;
}
