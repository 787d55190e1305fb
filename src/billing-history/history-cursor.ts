import { parseInstant } from '../platform/instant';

/** A place in the history: that of an entry, with the id for those billed at one moment. */
export interface HistoryPlace {
  orderedAt: string;
  transactionId: string;
}

/** Opaque to clients. Names an entry and not a number of them, so what is added meanwhile moves nothing. */
export function formatPlace({ orderedAt, transactionId }: HistoryPlace): string {
  return Buffer.from(`${orderedAt} ${transactionId}`).toString('base64url');
}

/** @returns null for what {@link formatPlace} never made */
export function parsePlace(cursor: string): HistoryPlace | null {
  const [orderedAt = '', transactionId = '', ...rest] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  if (rest.length > 0 || parseInstant(orderedAt) !== orderedAt || !/^[\w.:-]{1,128}$/.test(transactionId)) return null;
  const place = { orderedAt, transactionId };
  return formatPlace(place) === cursor ? place : null;
}
