import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from './api';
import { SimulatorError } from './world/simulator-error';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const IP_ADDRESS = /^(\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\])$/;

/**
 * A page of another site, opened in a browser on this machine, must not change the world. Such a page's requests carry its
 * origin; a name that was made to point here (DNS rebinding) is none of ours.
 */
export function refuseOtherSites(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { origin, host = '' } = request.headers;
  if (origin === undefined || READS.has(request.method) || isOwn(origin, host)) return done();
  sendError(new SimulatorError('forbidden', `Pages of ${origin} may not change this world`), request, reply);
}

function isOwn(origin: string, host: string): boolean {
  const url = URL.canParse(origin) ? new URL(origin) : null;
  if (url?.protocol !== 'http:' || url.host !== host.toLowerCase()) return false;
  return url.hostname === 'localhost' || url.hostname.endsWith('.localhost') || IP_ADDRESS.test(url.hostname);
}
