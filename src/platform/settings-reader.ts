import type { KeyObject } from 'node:crypto';
import { parseSigningKey } from './signing-key';

/** `user:@host`: somebody meant to give a password. Without the colon there is another way in. */
const EMPTY_PASSWORD = /^\w+:\/\/[^:/@]+:@/;

/** Reads settings one by one and collects what is wrong with them, instead of stopping at the first. An empty value counts as not set. */
export class SettingsReader {
  readonly problems: string[] = [];

  constructor(private readonly settings: Readonly<Record<string, string | undefined>>) {}

  has(name: string): boolean {
    return this.text(name) !== null;
  }

  text(name: string): string | null {
    return this.settings[name]?.trim() || null;
  }

  /** Values separated by commas. */
  list(name: string): string[] {
    return (this.text(name) ?? '').split(',').flatMap((part) => part.trim() || []);
  }

  /** Private Ed25519 keys, separated by commas. */
  signingKeys(name: string): KeyObject[] {
    const keys = this.list(name).map(parseSigningKey);
    if (keys.includes(null)) this.problem(`${name}: must be Ed25519 private keys, as PEM or as base64 of PKCS#8`);
    return keys.filter((key) => key !== null);
  }

  integer(name: string, { fallback, min, max }: { fallback: number; min: number; max: number }): number {
    const text = this.text(name);
    if (text === null) return fallback;
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    this.problem(`${name}: must be a whole number from ${min} to ${max}`);
    return fallback;
  }

  oneOf(name: string, allowed: readonly string[]): string | null {
    const text = this.text(name);
    if (text === null || allowed.includes(text)) return text;
    this.problem(`${name}: must be one of ${allowed.join(', ')}`);
    return null;
  }

  postgresUrl(name: string): string | null {
    const text = this.text(name);
    if (text === null) return null;
    const url = parseUrl(text);
    if (EMPTY_PASSWORD.test(text)) {
      this.problem(`${name}: its password is empty`);
      return null;
    }
    if (url && ['postgres:', 'postgresql:'].includes(url.protocol)) return text;
    this.problem(`${name}: must be a postgres:// URL`);
    return null;
  }

  /** An https URL; plain http only to this machine. */
  httpsUrl(name: string): string | null {
    const text = this.text(name);
    if (text === null) return null;
    const url = parseUrl(text);
    const loopback = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
    if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && loopback))) return text;
    this.problem(`${name}: must be an https:// URL`);
    return null;
  }

  problem(text: string): void {
    this.problems.push(text);
  }

  /** Notes that a setting is missing; returns an empty value so that reading goes on to the next problem. */
  missing(name: string, why: string): string {
    this.problem(`${name}: missing (${why})`);
    return '';
  }
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
