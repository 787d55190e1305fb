import type { FastifyReply } from 'fastify';

/** An answer as it went out. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** What belongs to the connection, to the one request, or to whoever asked from a browser: made anew for each. */
const NOT_KEPT = /^(x-request-id|content-length|date|connection|keep-alive|transfer-encoding|vary|set-cookie|access-control-.*)$/;
/** The same request may go better the next time: with another token, later (`Retry-After` says when), or once we are well again. */
const NOT_FINAL = new Set([401, 403, 429]);

/**
 * The answer that is about to be sent, where the same request shall get it again.
 * @returns null when the caller shall be able to try again with the same key
 */
export function finalAnswer(reply: FastifyReply, payload: unknown): Answer | null {
  const status = reply.statusCode;
  const passes = status >= 400 && reply.hasHeader('retry-after');
  if (status >= 500 || NOT_FINAL.has(status) || passes || isSecret(reply)) return null;
  const body = bytesOf(payload);
  return body && { status, headers: keptHeaders(reply), body };
}

/** Links that let whoever has them in are made anew each time, and kept nowhere. */
function isSecret(reply: FastifyReply): boolean {
  return String(reply.getHeader('cache-control') ?? '').includes('no-store');
}

/** A stream cannot be kept: it can be read only once. */
function bytesOf(payload: unknown): Buffer | null {
  if (payload === undefined || payload === null) return Buffer.alloc(0);
  if (typeof payload === 'string') return Buffer.from(payload);
  return Buffer.isBuffer(payload) ? payload : null;
}

function keptHeaders(reply: FastifyReply): Answer['headers'] {
  const kept = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined || NOT_KEPT.test(name) ? [] : [[name, Array.isArray(value) ? value : String(value)] as const],
  );
  return Object.fromEntries(kept);
}
