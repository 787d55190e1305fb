import { isUtf8 } from 'node:buffer';
import { objectOf, type Json } from '../json-fields';

/** @returns null for whatever is not a JSON object: an HTML page of something that stands before Paddle, or nothing at all */
export function parseBody(body: Buffer): Json | null {
  if (!isUtf8(body)) return null;
  try {
    return objectOf(JSON.parse(body.toString('utf8')));
  } catch {
    return null;
  }
}
