import { parseArgs } from 'node:util';
import type { Settings } from '../platform/config';
import { SIM_OPTIONS, SimApi } from './sim-api';
import { stateText, type WorldState } from './sim-state';
import { UsageError } from './usage-error';

/** Turns the simulator's clock on: everything happens that falls due until then, and its webhooks are delivered. */
export async function simAdvance(args: string[], settings: Settings): Promise<void> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: SIM_OPTIONS });
  const by = positionals.join(' ');
  if (!by) throw new UsageError('By how much? Such as 1month, "2 weeks" or P1M.');
  const api = await SimApi.open(values.simulator, settings);
  console.log(settledText(await api.post('clock/advance', { by })));
}

/** Plays a whole story. */
export async function simScenario(args: string[], settings: Settings): Promise<void> {
  const options = { ...SIM_OPTIONS, user: { type: 'string' }, price: { type: 'string' }, quantity: { type: 'string' } } as const;
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options });
  const quantity = values.quantity === undefined ? undefined : Number(values.quantity);
  if (quantity !== undefined && !(Number.isInteger(quantity) && quantity > 0)) {
    throw new UsageError('--quantity must be a whole number from 1.');
  }
  if (positionals.length > 1) throw new UsageError(`What to do with "${positionals[1]}"?`);
  const api = await SimApi.open(values.simulator, settings);
  const { scenarios } = await api.get<{ scenarios: string[] }>('scenarios');
  const [name] = positionals;
  if (!name || !scenarios.includes(name)) {
    const complaint = name ? `There is no scenario "${name}".` : 'Which scenario?';
    throw new Error(`${complaint} There are:\n${scenarios.map((one) => `  ${one}`).join('\n')}`);
  }
  const asked = { userId: values.user, priceId: values.price, quantity };
  console.log(storyText(name, await api.post(`scenarios/${name}`, asked)));
}

/** Shows what there is. */
export async function simState(args: string[], settings: Settings): Promise<void> {
  const { values } = parseArgs({ args, options: SIM_OPTIONS });
  const api = await SimApi.open(values.simulator, settings);
  console.log(stateText(await api.get<WorldState>('state')));
}

/** Shows the clock, stops it, lets it go on, or sets it. */
export async function simClock(args: string[], settings: Settings): Promise<void> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: SIM_OPTIONS });
  const [action, time] = positionals;
  if (action === 'set' && !time) throw new UsageError('To which time? Such as 2026-02-10T09:30:00Z.');
  const api = await SimApi.open(values.simulator, settings);
  if (action === 'set') return console.log(settledText(await api.post('clock/set', { to: time })));
  if (action !== undefined && action !== 'freeze' && action !== 'follow') {
    throw new UsageError(`The clock can freeze, follow or be set, not "${action}".`);
  }
  const { now, mode } = await (action ? api.post<Clock>(`clock/${action}`) : api.get<Clock>('clock'));
  console.log(`It is ${now}. The clock ${mode === 'real' ? 'follows the real time' : 'stands still'}.`);
}

/** Empties the world. */
export async function simReset(args: string[], settings: Settings): Promise<void> {
  const { values } = parseArgs({ args, options: { ...SIM_OPTIONS, seed: { type: 'string' } } });
  const api = await SimApi.open(values.simulator, settings);
  const { now, seed } = await api.post<{ now: string; seed: string }>('reset', { seed: values.seed });
  console.log(`A new world of the seed "${seed}" begins. It is ${now}.`);
}

interface Clock {
  now: string;
  mode: 'real' | 'frozen';
}

interface Settled {
  now: string;
  delivered: number;
  failed: number;
}

interface Story {
  userId: string;
  customerId: string;
  subscriptionId: string | null;
  transactionIds: string[];
  adjustmentIds: string[];
}

function settledText({ now, delivered, failed }: Settled): string {
  return `It is ${now}. Webhooks: ${delivered} delivered, ${failed} given up.`;
}

function storyText(name: string, { userId, customerId, subscriptionId, transactionIds, adjustmentIds }: Story): string {
  const list = (ids: string[]) => ids.join('\n                ');
  return [
    `${name} was played for ${userId}.`,
    `  customer      ${customerId}`,
    ...(subscriptionId ? [`  subscription  ${subscriptionId}`] : []),
    `  transactions  ${list(transactionIds)}`,
    ...(adjustmentIds.length > 0 ? [`  adjustments   ${list(adjustmentIds)}`] : []),
  ].join('\n');
}
