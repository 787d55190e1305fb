import { parseInstant } from '../platform/instant';

/** The last license of a page. Whatever is assigned later comes after it, so pages neither overlap nor leave anything out. */
export interface LicenseCursor {
  createdAt: string;
  /** Of what was assigned together, the order in which it was asked for. */
  number: number;
  licenseId: string;
}

/** Opaque to clients. */
export function formatLicenseCursor({ createdAt, number, licenseId }: LicenseCursor): string {
  return `${createdAt}.${number}.${licenseId}`;
}

/** @returns null for what {@link formatLicenseCursor} never made */
export function parseLicenseCursor(text: string): LicenseCursor | null {
  const [, createdAt, number, licenseId] = /^(\S+Z)\.(\d{1,9})\.(lic_\w{1,64})$/.exec(text) ?? [];
  if (createdAt === undefined || licenseId === undefined) return null;
  return parseInstant(createdAt) === createdAt ? { createdAt, number: Number(number), licenseId } : null;
}
