import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { variesBy } from './vary';

/**
 * Gives JSON answers to a GET an `ETag`, and spares those who have that very answer the body (RFC 9110, 13.1.2). They are
 * somebody's own, and true for a moment: whoever keeps one has to ask each time whether it still holds.
 */
export function answerConditionally(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload: unknown, done) => {
    const isAnswer = request.method === 'GET' && reply.statusCode === 200 && typeof payload === 'string';
    if (!isAnswer || reply.hasHeader('etag') || !String(reply.getHeader('content-type')).startsWith('application/json')) {
      return done(null, payload);
    }
    const etag = `"${createHash('sha1').update(payload).digest('base64url')}"`;
    reply.header('etag', etag);
    if (!reply.hasHeader('cache-control')) variesBy(reply.header('cache-control', 'private, no-cache'), 'Authorization');
    if (!isKnown(request, etag)) return done(null, payload);
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    done(null, '');
  });
}

/** Compared weakly, as a GET may: a proxy that recodes an answer marks its tag with `W/`. */
function isKnown({ headers }: FastifyRequest, etag: string): boolean {
  const known = headers['if-none-match'];
  return known !== undefined && (known.trim() === '*' || known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag));
}
