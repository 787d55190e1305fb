import type { FastifyReply, FastifyRequest } from 'fastify';
import { variesBy } from './vary';

/** Which of the forms that an answer can have the caller wants; says to caches that the answer depends on it. */
export function negotiate<Type extends string>(
  { headers }: Pick<FastifyRequest, 'headers'>,
  reply: Pick<FastifyReply, 'getHeader' | 'header'>,
  offered: readonly [Type, ...Type[]],
): Type {
  variesBy(reply, 'Accept');
  return preferredType(headers.accept, offered);
}

/**
 * What an `Accept` header prefers (RFC 9110, 12.5.1). Of what it likes equally well, what it names counts before what a
 * wildcard lets in: clients like to add one for anything. Else, and where
 * nothing fits, the first that is offered.
 */
export function preferredType<Type extends string>(accept: string | undefined, offered: readonly [Type, ...Type[]]): Type {
  const ranges = (accept ?? '').split(',').map(rangeOf);
  const ranked = offered.map((type) => ({ type, ...bestOf(ranges, type) }));
  return ranked.reduce((best, one) => ((one.quality - best.quality || one.exactness - best.exactness) > 0 ? one : best)).type;
}

interface MediaRange {
  type: string;
  quality: number;
}

function rangeOf(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
}

const REFUSED = -3;

/** The range that names a type most exactly says how much it is wanted. */
function bestOf(ranges: MediaRange[], type: string): { quality: number; exactness: number } {
  for (const [index, pattern] of [type, `${type.split('/')[0]}/*`, '*/*'].entries()) {
    const range = ranges.find((one) => one.type === pattern);
    if (range) return { quality: range.quality, exactness: range.quality > 0 ? -index : REFUSED };
  }
  return { quality: 0, exactness: REFUSED };
}
