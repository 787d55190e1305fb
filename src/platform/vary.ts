import type { FastifyReply } from 'fastify';

/** Says to caches that an answer depends on a header of the request, beside those that it depends on already. */
export function variesBy(reply: Pick<FastifyReply, 'getHeader' | 'header'>, name: string): void {
  const known = [reply.getHeader('vary') ?? []].flat().join(', ');
  const names = known.toLowerCase().split(/\s*,\s*/);
  if (!names.includes(name.toLowerCase()) && !names.includes('*')) reply.header('vary', known ? `${known}, ${name}` : name);
}
