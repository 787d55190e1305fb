import { ShardMap } from '../ledger';
import type { Environment } from '../platform/environment';
import type { Advance, ReadModelPosition } from '../projections';
import { configurationOf, type AllConfigurations, type ConfigurationQueries } from './configuration-queries';
import { ProductSettings } from './product-settings';

const SHARDS = new ShardMap(2);

/** What the read model has, and how often it was asked. */
function readModel() {
  const refs: Record<Environment, Record<string, string>> = { sandbox: {}, live: {} };
  const reads: Environment[] = [];
  const waiting: (() => void)[] = [];
  let isSlow = false;
  let isAway = false;
  const all = async (environment: Environment): Promise<AllConfigurations> => {
    reads.push(environment);
    if (isAway) throw new Error('the database is away');
    const value = { ...refs[environment] };
    if (isSlow) await new Promise<void>((resolve) => waiting.push(resolve));
    const row = { version: 1, value, changedAt: '2026-01-01T00:00:00.000000Z', changedBy: 'admin_1' };
    return { products: configurationOf('products', null), p_ref: configurationOf('p_ref', row) };
  };
  const beSlow = (slow: boolean) => void (isSlow = slow);
  const beAway = (away: boolean) => void (isAway = away);
  return { refs, reads, beSlow, beAway, answer: () => waiting.shift()!(), queries: { all } as unknown as ConfigurationQueries };
}

async function started() {
  const model = readModel();
  const listeners: ((advance: Advance) => void | Promise<void>)[] = [];
  const position = { beforeAdvance: (listener: (typeof listeners)[0]) => listeners.push(listener) };
  const settings = new ProductSettings(model.queries, position as unknown as ReadModelPosition, SHARDS);
  model.refs.sandbox = { solo: 'pro_1' };
  await settings.onModuleInit();
  model.reads.length = 0;
  const step = (environment: Environment, subjects: string[] | null): Advance => {
    return { shardId: SHARDS.shardFor(environment, null), after: 1, upTo: 2, subjects: subjects && new Set(subjects) };
  };
  return { ...model, settings, step, advance: async (advance: Advance) => listeners[0]!(advance) };
}

it('knows what is configured from the start, of each environment', async () => {
  const { settings } = await started();
  expect(settings.of('sandbox').productIdOf('solo')).toBe('pro_1');
  expect(settings.of('live').productIdOf('solo')).toBe('solo');
});

it('reads again when a step forward is about it, in its environment alone', async () => {
  const { settings, refs, reads, step, advance } = await started();
  refs.sandbox = { team: 'pro_2' };
  for (const subjects of [['sub_1', 'user:products'], []]) await advance(step('sandbox', subjects));
  expect([reads, settings.of('sandbox').refOf('pro_2')]).toEqual([[], null]);
  await advance(step('live', ['p_ref']));
  expect([reads, settings.of('sandbox').refOf('pro_2')]).toEqual([['live'], null]);
  await advance(step('sandbox', ['p_ref', 'sub_1']));
  expect([reads, settings.of('sandbox').refOf('pro_2')]).toEqual([['live', 'sandbox'], 'team']);
  await advance(step('sandbox', ['products']));
  expect(reads).toHaveLength(3);
});

it('reads again when nobody knows what was about it', async () => {
  const { settings, refs, reads, step, advance } = await started();
  refs.sandbox = { team: 'pro_2' };
  await advance(step('sandbox', null));
  expect([reads, settings.of('sandbox').refOf('pro_2')]).toEqual([['sandbox'], 'team']);
  refs.live = { fleet: 'pro_3' };
  await advance(null);
  expect([reads.slice(1), settings.of('live').refOf('pro_3')]).toEqual([['sandbox', 'live'], 'fleet']);
});

it('stays the same object until it is another', async () => {
  const { settings, refs, advance } = await started();
  const [sandbox, live] = [settings.of('sandbox'), settings.of('live')];
  await advance(null);
  expect(settings.of('sandbox')).toBe(sandbox);
  refs.live = { fleet: 'pro_3' };
  await advance(null);
  expect(settings.of('sandbox')).toBe(sandbox);
  expect(settings.of('live')).not.toBe(live);
});

it('never goes back to what was read before, however slow that was', async () => {
  const { settings, refs, beSlow, answer, advance } = await started();
  beSlow(true);
  refs.sandbox = { old: 'pro_1' };
  const first = advance(null);
  await Promise.resolve();
  refs.sandbox = { new: 'pro_1' };
  beSlow(false);
  const second = advance(null);
  answer();
  await Promise.all([first, second]);
  expect(settings.of('sandbox').refOf('pro_1')).toBe('new');
});

it('keeps what it knows when it cannot be read, and reads it the next time', async () => {
  const { settings, refs, beAway, advance } = await started();
  beAway(true);
  refs.sandbox = { team: 'pro_2' };
  await expect(advance(null)).rejects.toThrow('the database is away'); // so the position is not shown
  expect(settings.of('sandbox').refOf('pro_1')).toBe('solo');
  beAway(false);
  await advance(null);
  expect(settings.of('sandbox').refOf('pro_2')).toBe('team');
});
