import { parseInstant } from '../platform/instant';
import type { SettingsReader } from '../platform/settings-reader';
import { DEFAULT_SEED, type SimulatorOptions } from './server';

export const DEFAULT_PORT = 4020;

const FROZEN = /^frozen:(.+)$/;

/** Reads `SIMULATOR_*`. What makes no sense is noted with the reader. */
export function simulatorOptions(read: SettingsReader): SimulatorOptions {
  return {
    port: read.integer('SIMULATOR_PORT', { fallback: DEFAULT_PORT, min: 0, max: 65535 }),
    host: read.text('SIMULATOR_HOST') ?? '127.0.0.1',
    seed: read.text('SIMULATOR_SEED') ?? DEFAULT_SEED,
    apiKey: read.text('SIMULATOR_API_KEY'),
    requestsPerMinute: read.integer('SIMULATOR_REQUESTS_PER_MINUTE', { fallback: 240, min: 1, max: 1_000_000 }),
    clock: clockIn(read),
    webhook: webhookIn(read),
  };
}

function clockIn(read: SettingsReader): SimulatorOptions['clock'] {
  const text = read.text('SIMULATOR_CLOCK') ?? 'real';
  const [, at] = FROZEN.exec(text) ?? [];
  const instant = at ? parseInstant(at) : null;
  if (text !== 'real' && !instant) {
    read.problem('SIMULATOR_CLOCK: must be "real", or "frozen:" and a time such as frozen:2026-01-10T09:30:00Z');
  }
  return instant ? { mode: 'frozen', at: instant } : { mode: 'real' };
}

function webhookIn(read: SettingsReader): SimulatorOptions['webhook'] {
  const [url, secret] = [read.text('SIMULATOR_WEBHOOK_URL'), read.text('SIMULATOR_WEBHOOK_SECRET')];
  if (url === null && secret === null) return null;
  if (url === null) read.missing('SIMULATOR_WEBHOOK_URL', 'needed with SIMULATOR_WEBHOOK_SECRET');
  else if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    read.problem('SIMULATOR_WEBHOOK_URL: must be an http:// or https:// URL');
  }
  if (secret === null) read.missing('SIMULATOR_WEBHOOK_SECRET', 'needed with SIMULATOR_WEBHOOK_URL, to sign webhooks with');
  return { url: url ?? '', secret: secret ?? '' };
}
