import { parseInstant } from '../platform/instant';

/** The last grant of a page. Whatever is given later comes before it, so pages neither overlap nor leave anything out. */
export interface GrantCursor {
  givenAt: string;
  id: string;
}

/** Opaque to clients. */
export function formatGrantCursor({ givenAt, id }: GrantCursor): string {
  return `${givenAt}.${id}`;
}

/** @returns null for what {@link formatGrantCursor} never made */
export function parseGrantCursor(text: string): GrantCursor | null {
  const [, givenAt, id] = /^(\S+Z)\.(\w{1,128})$/.exec(text) ?? [];
  return id !== undefined && givenAt !== undefined && parseInstant(givenAt) === givenAt ? { givenAt, id } : null;
}
