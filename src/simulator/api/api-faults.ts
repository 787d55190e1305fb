import { chanceOf } from '../world/random';
import { SimulatorError } from '../world/simulator-error';

/** What may go wrong with a request to the API. */
export const API_FAULTS = [
  'rateLimit',
  'conflict',
  'serverError',
  'htmlError',
  'reset',
  'timeoutBefore',
  'timeoutAfter',
] as const;

/**
 * - `rateLimit`: 429 with `Retry-After: 1` · `conflict`: 409 `concurrent_modification`, writes only
 * - `serverError`: 500 · `htmlError`: 502 with a page of HTML · `reset`: the connection is cut; nothing was changed
 * - `timeoutBefore`, `timeoutAfter`: no answer ever comes; the change was not made, or was
 */
export type ApiFault = (typeof API_FAULTS)[number];

export interface ApiFaultSettings {
  /** How probable each is, from 0 to 1. */
  rates: Partial<Record<ApiFault, number>>;
  /** So many requests more, then all of them stop; null: until they are switched off. */
  times: number | null;
  /** Only requests that match; `*` in the path stands for one part of it. */
  match: { method?: string; path?: string } | null;
}

const NONE: ApiFaultSettings = { rates: {}, times: null, match: null };

/** Decides which request goes wrong: the same ones for a seed and the same requests in the same order. */
export class ApiFaults {
  private asked = 0;
  private settings = NONE;

  constructor(private seed: string) {}

  get current(): Readonly<ApiFaultSettings> {
    return this.settings;
  }

  /** @throws SimulatorError `bad_request` for a fault that nobody knows, or what is no probability */
  set(settings: Partial<ApiFaultSettings>): void {
    const wrong = Object.entries(settings.rates ?? {}).flatMap(([field, value]) => {
      if (!(API_FAULTS as readonly string[]).includes(field)) return [{ field, message: 'is not an API fault' }];
      return typeof value === 'number' && value >= 0 && value <= 1 ? [] : [{ field, message: 'must be a number from 0 to 1' }];
    });
    if (wrong.length > 0) throw new SimulatorError('bad_request', 'These are not probabilities of API faults', wrong);
    const rates = { ...this.settings.rates, ...settings.rates };
    this.settings = { rates, times: settings.times ?? null, match: settings.match ?? null };
  }

  reset(seed: string): void {
    this.seed = seed;
    this.asked = 0;
    this.settings = NONE;
  }

  /** Which fault, if any, this request meets. */
  next(method: string, path: string): ApiFault | null {
    const request = ++this.asked;
    const { rates, times, match } = this.settings;
    if (times === 0 || !matches(match, method, path)) return null;
    const fault = API_FAULTS.find((name) => {
      const rate = name === 'conflict' && method === 'GET' ? 0 : (rates[name] ?? 0);
      return rate > 0 && chanceOf(this.seed, 'api fault', String(request), name) < rate;
    });
    if (fault && times !== null) this.settings = { ...this.settings, times: times - 1 };
    return fault ?? null;
  }
}

function matches(match: ApiFaultSettings['match'], method: string, path: string): boolean {
  if (match?.method && match.method !== method) return false;
  if (!match?.path) return true;
  const wanted = match.path.split('/');
  const parts = path.split('/');
  return wanted.length === parts.length && wanted.every((part, index) => part === '*' || part === parts[index]);
}
