import { IsString, MaxLength, MinLength } from 'class-validator';

export class DeadLetterDto {
  /** @example "subscriptions.1.1-42" */
  id: string;
  projection: string;
  build: number;
  /** The stream that waits. */
  streamId: string;
  /** Of the event that stopped it, as in `GET /ledger/events/{ref}`. */
  ref: string;
  eventId: string;
  eventType: string;
  errorClass: string;
  message: string;
  attempts: number;
  /** Events of the stream that wait, the one that stopped it included. */
  waiting: number;
  parkedAt: string;
  triedAt: string;
}

export class DeadLetterPageDto {
  data: DeadLetterDto[];
  /** For `after`; null on the last page. */
  nextCursor: string | null;
}

export class DeadLetterOutcomeDto {
  /** `resolved`: the stream is folded to its end. `parked`: it waits again, as `deadLetter` says. */
  state: 'resolved' | 'parked';
  deadLetter: DeadLetterDto | null;
}

export class DismissDeadLetterDto {
  /** Why the event is left out; kept on the ledger with your name. */
  @IsString()
  @MinLength(3)
  @MaxLength(500)
  reason: string;
}
