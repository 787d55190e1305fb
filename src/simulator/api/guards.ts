import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../platform/clock';
import { SimulatorError } from '../world/simulator-error';

const KEY_FORMS = [/^pdl_(live|sdbx)_apikey_[a-z\d]{26}_[A-Za-z\d]{22}_[A-Za-z\d]{3}$/, /^[A-Za-z\d]{50}$/];
const MINUTE_MS = 60_000;
/** Previews have a limit of their own (REFERENCE 4.1). */
const PREVIEWS_A_MINUTE = 1_000;

/** Lets in who has a key. Without one that is set, every key of Paddle's form is good. */
export function checkKey({ headers }: FastifyRequest, apiKey: string | null): void {
  const { authorization } = headers;
  if (!authorization) throw new SimulatorError('authentication_missing', 'The Authorization header is missing');
  const [, key] = /^bearer\s+(\S+)$/i.exec(authorization) ?? [];
  if (!key) throw new SimulatorError('authentication_malformed', 'The Authorization header is not of the form "Bearer <key>"');
  const good = apiKey === null ? KEY_FORMS.some((form) => form.test(key)) : key === apiKey;
  if (!good) throw new SimulatorError('forbidden', 'You are not permitted to perform this request');
}

/** Counts the requests of each address in the last minute of real time. */
export class RateLimit {
  private readonly seen = new Map<string, number[]>();

  constructor(
    private readonly clock: Clock,
    private readonly perMinute: number,
  ) {}

  /** @returns in how many seconds to ask again, when there were too many */
  exceeded({ ip, url }: FastifyRequest): number | null {
    const preview = url.startsWith('/transactions/preview') || url.startsWith('/pricing-preview');
    const limit = preview ? Math.max(PREVIEWS_A_MINUTE, this.perMinute) : this.perMinute;
    const now = this.clock.nowMs();
    const key = `${ip} ${preview}`;
    const recent = (this.seen.get(key) ?? []).filter((at) => at > now - MINUTE_MS);
    if (recent.length >= limit) return Math.max(1, Math.ceil((recent[0]! + MINUTE_MS - now) / 1_000));
    recent.push(now);
    this.seen.set(key, recent);
    return null;
  }
}
