import { parseArgs } from 'node:util';
import type { Settings } from '../platform/config';
import { SIM_OPTIONS, SimApi } from './sim-api';
import { UsageError } from './usage-error';

type Rates = Record<string, number>;

interface Faults {
  webhooks: Rates;
  api: Rates;
  times: number | null;
}

const API_FAULTS = ['rateLimit', 'conflict', 'serverError', 'htmlError', 'reset', 'timeoutBefore', 'timeoutAfter'];

const OPTIONS = {
  ...SIM_OPTIONS,
  webhooks: { type: 'string' },
  api: { type: 'string' },
  times: { type: 'string' },
  off: { type: 'boolean', default: false },
} as const;

/** Lets webhooks and requests to the API go wrong, at random but always the same for a seed. Without an option: shows what does. */
export async function simFaults(args: string[], settings: Settings): Promise<void> {
  const { values } = parseArgs({ args, options: OPTIONS });
  const times = values.times === undefined ? undefined : Number(values.times);
  if (times !== undefined && !(Number.isInteger(times) && times > 0)) {
    throw new UsageError('--times must be a whole number from 1.');
  }
  const webhooks = ratesIn('--webhooks', values.webhooks);
  const api = ratesIn('--api', values.api);
  const simulator = await SimApi.open(values.simulator, settings);
  let faults = await simulator.get<Faults>('faults');
  if (values.off) {
    const none = { webhooks: noneOf(Object.keys(faults.webhooks)), api: noneOf(API_FAULTS) };
    faults = await simulator.post<Faults>('faults', none);
  }
  if (webhooks || api || times) faults = await simulator.post<Faults>('faults', { webhooks, api, times });
  console.log(faultsText(faults));
}

function noneOf(names: string[]): Rates {
  return Object.fromEntries(names.map((name) => [name, 0]));
}

/** `duplicate=0.1,reorder=0.2`. What the names are, and what the numbers may be, the simulator says. */
function ratesIn(option: string, text: string | undefined): Rates | undefined {
  if (text === undefined) return undefined;
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [, name, rate] = /^\s*(\w+)=(\d*\.?\d+)\s*$/.exec(part) ?? [];
      if (!name) throw new UsageError(`${option} must be like duplicate=0.1,reorder=0.2, not "${text}".`);
      return [name, Number(rate)];
    }),
  );
}

function faultsText({ webhooks, api, times }: Faults): string {
  const on = (rates: Rates) => Object.entries(rates).flatMap(([name, rate]) => (rate > 0 ? [`${name} ${rate}`] : []));
  const [ofWebhooks, ofApi] = [on(webhooks), on(api)];
  if (ofWebhooks.length + ofApi.length === 0) return 'Nothing goes wrong.';
  return [
    ...(ofWebhooks.length > 0 ? [`Webhooks: ${ofWebhooks.join(', ')}.`] : []),
    ...(ofApi.length > 0 ? [`API: ${ofApi.join(', ')}${times === null ? '' : `; ${times} more times`}.`] : []),
  ].join('\n');
}
