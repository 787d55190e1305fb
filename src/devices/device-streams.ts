import { createHash } from 'node:crypto';
import { DEVICE_STREAM, SIGHTINGS_STREAM } from './device-facts';

/** A user id may hold anything, and be long; a stream's id may not. */
export function streamOf(userId: string): string {
  return DEVICE_STREAM + hash(userId);
}

export function sightingsOf(userId: string): string {
  return SIGHTINGS_STREAM + hash(userId);
}

/** The same for the same device and day, so that the ledger keeps one, whichever processes saw it. */
export function sightingId(userId: string, uuid: string, day: string): string {
  return `sighted_${hash(`${uuid} ${userId}`)}_${day}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
