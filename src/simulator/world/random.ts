import { createHash } from 'node:crypto';
import type { Micros } from './time';

const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';

/** Numbers that look random and depend on the seed and the number of draws before alone (sfc32). */
export class Random {
  constructor(private state: [number, number, number, number]) {}

  static from(seed: string): Random {
    const digest = createHash('sha256').update(seed).digest();
    return new Random([digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), 1]);
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    let [a, b, c, d] = this.state;
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    this.state = [a, b, c, d];
    return (sum >>> 0) / 4_294_967_296;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  pick<T>(from: readonly T[]): T {
    return from[this.between(0, from.length - 1)]!;
  }

  /** An id of Paddle's form: prefix, ten characters of time, sixteen of chance. */
  id(prefix: string, at: Micros): string {
    let time = '';
    for (let rest = Math.floor(at / 1_000), i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = BASE32[rest % 32]! + time;
    let tail = '';
    for (let i = 0; i < 16; i++) tail += BASE32[this.between(0, 31)]!;
    return `${prefix}_${time}${tail}`;
  }

  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.between(0, 15).toString(16));
    hex[12] = '4';
    hex[16] = '89ab'[this.between(0, 3)]!;
    return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  /** What to go on from later: {@link Random} is made of it again. */
  save(): [number, number, number, number] {
    return [...this.state];
  }
}

/** From 0 up to, not including, 1, for a seed and labels: the same whatever was drawn before, and in whatever order. */
export function chanceOf(seed: string, ...labels: string[]): number {
  return (
    createHash('sha256')
      .update([seed, ...labels].join('\n'))
      .digest()
      .readUInt32LE(0) / 4_294_967_296
  );
}
