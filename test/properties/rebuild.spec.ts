import fc from 'fast-check';
import { decideAccess } from '../../src/access';
import { BillingHistory, toEntry, type BillingEntry } from '../../src/billing-history';
import { Catalog } from '../../src/catalog';
import { DeviceQueries } from '../../src/devices/device-queries';
import { Ledger, LedgerReader, ShardMap, type AppendCommand, type FoldableEvent } from '../../src/ledger';
import { LedgerMetrics } from '../../src/ledger/ledger-metrics';
import { RecentEvents } from '../../src/ledger/recent-events';
import { Database } from '../../src/platform/database';
import type { Instant } from '../../src/platform/instant';
import { createLogger } from '../../src/platform/logger';
import { Metrics } from '../../src/platform/metrics';
import { ProjectionRegistry, ReadModels } from '../../src/projections';
import { insertBuild, type Build } from '../../src/projections/builds';
import { prepareReadModels } from '../../src/projections/prepare-read-models';
import { ProjectionBatch } from '../../src/projections/projection-batch';
import { createTable, tableOf } from '../../src/projections/read-model-store';
import { ShadowFold } from '../../src/projections/shadow-fold';
import { readEnvelope } from '../../src/provider/paddle';
import { PROJECTIONS, translatorFor } from '../../src/read-models';
import { ConfigurationQueries, ProductConfiguration } from '../../src/settings';
import { SubscriptionHistory } from '../../src/subscriptions';
import { SourceReaders } from '../../src/access/access-sources';
import { configured } from '../support/facts';
import { histories } from '../support/histories';
import { THOROUGH } from '../support/scale';
import { createTestDatabase } from '../support/test-database';

const NOW = '2026-01-01T00:00:00.006000Z' as Instant;
const REGISTRY = new ProjectionRegistry(PROJECTIONS, translatorFor({ userIdKey: 'user_id' }));
/** A grace period, so that since when a payment is outstanding has a say. */
const CONFIGURATION = new ProductConfiguration([configured('pro_1', 0)], {});
const RUNS = THOROUGH ? 8 : 4;

function ownEvent(event: FoldableEvent): AppendCommand {
  const { eventId, type, occurredAt, streamId, customerId, userId } = event;
  const body = Buffer.from(JSON.stringify(event.content()));
  const metadata = { source: 'native' } as const;
  return {
    environment: 'sandbox',
    streamId,
    events: [{ eventId, type, schemaVersion: 1, occurredAt, customerId, userId, body, metadata }],
  };
}

function webhookEvent(event: FoldableEvent): AppendCommand {
  const { eventId, type, occurredAt } = event;
  const { data } = event.content() as { data: unknown };
  const body = Buffer.from(JSON.stringify({ event_id: eventId, event_type: type, occurred_at: occurredAt, data }));
  const envelope = readEnvelope(body, 'user_id');
  if ('malformed' in envelope) throw new Error(envelope.malformed);
  const { streamId, customerId, claimedUserId: userId } = envelope;
  const metadata = { source: 'webhook' } as const;
  return {
    environment: 'sandbox',
    streamId,
    events: [{ eventId, type, schemaVersion: 1, occurredAt, customerId, userId, body, metadata }],
  };
}

/** The engine over one database, as a process has it. */
class Engine {
  private constructor(
    readonly database: Database,
    readonly shards: ShardMap,
    private readonly url: string,
    readonly drop: () => Promise<void>,
  ) {}

  static async open(shardsPerEnvironment: number): Promise<Engine> {
    const testDatabase = await createTestDatabase();
    const database = new Database(testDatabase.url, createLogger('silent'));
    const shards = new ShardMap(shardsPerEnvironment);
    await prepareReadModels(PROJECTIONS, shards.all(), 'auto', database);
    return new Engine(database, shards, testDatabase.url, async () => {
      await database.close();
      await testDatabase.drop();
    });
  }

  private get reader(): LedgerReader {
    return new LedgerReader(this.database, this.shards, new RecentEvents());
  }

  async append(events: FoldableEvent[]): Promise<void> {
    const ledger = new Ledger(
      this.database,
      this.shards,
      new RecentEvents(),
      new LedgerMetrics(new Metrics()),
      createLogger('silent'),
    );
    for (const event of events) await ledger.append(event.source === 'native' ? ownEvent(event) : webhookEvent(event));
  }

  async foldLive(limit: number): Promise<void> {
    const batch = new ProjectionBatch(this.database, this.reader, REGISTRY);
    for (const shardId of this.shards.all()) while ((await batch.applyNext(shardId, limit)).state !== 'idle');
  }

  /** Rebuilds every projection with so many workers at once, as so many processes would. */
  async rebuild(workers: number, pageSize: number): Promise<Build[]> {
    return Promise.all(
      PROJECTIONS.map(async (projection) => {
        const how = { state: 'running', mode: 'preview', requestedBy: 'test' } as const;
        await this.database.query(
          `UPDATE operations.projection_builds SET state = 'cancelled' WHERE projection = '${projection.name}' AND state = 'running'`,
        );
        const build = await insertBuild(projection, how, this.shards.all(), this.database);
        await createTable({ projection, build: build.build }, this.database);
        await Promise.all(Array.from({ length: workers }, () => this.work(build, pageSize)));
        return build;
      }),
    );
  }

  private async work(build: Build, pageSize: number): Promise<void> {
    const fold = new ShadowFold(this.database, this.reader, REGISTRY);
    for (const shardId of this.shards.all()) while ((await fold.foldToHead(build, shardId, () => true, pageSize)) !== 'done');
  }

  async rows(builds?: Build[]): Promise<unknown[]> {
    const tables = PROJECTIONS.map(({ name }) => {
      const build = builds?.find(({ projection }) => projection === name)?.build ?? 1;
      return tableOf({ projection: { name }, build });
    });
    return Promise.all(tables.map(async (table) => (await this.database.query(`SELECT * FROM ${table} ORDER BY 1, 2`)).rows));
  }

  /** Page by page, so that each begins where the last one ended. */
  private async charged(readModels: ReadModels): Promise<BillingEntry[]> {
    const entries: BillingEntry[] = [];
    const scope = { environment: 'sandbox', customerIds: ['ctm_a', 'ctm_b'] } as const;
    for await (const page of new BillingHistory(readModels, this.shards).pages(scope, 1)) entries.push(...page.map(toEntry));
    return entries;
  }

  /** What every user may use, was given and was charged, what is in the catalog, what is configured, and which devices there are. */
  async answers(): Promise<unknown> {
    const readModels = await ReadModels.connect(PROJECTIONS, this.url);
    try {
      const history = new SubscriptionHistory(this.reader, REGISTRY);
      const reader = new SourceReaders(this.shards, history).of(readModels);
      const known = await reader.ofUsers('sandbox', ['user_1', 'user_2']);
      const access = [...known.values()].map(({ sources }) => decideAccess(sources, CONFIGURATION, NOW));
      const given = [...known.values()].map(({ sources }) => sources.grants);
      const products = await new Catalog(readModels, this.shards).products('sandbox');
      const configured = await new ConfigurationQueries(readModels, this.shards).all('sandbox');
      const wanted = { userId: null, status: null, after: null, limit: 200 };
      const { devices } = await new DeviceQueries(readModels, this.shards).page('sandbox', wanted);
      return { access, given, charged: await this.charged(readModels), products, configured, devices };
    } finally {
      await readModels.onApplicationShutdown();
    }
  }
}

it('gives the same rows live, rebuilt, rebuilt by four workers, and folded over four shards', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      async (events, limit, pageSize) => {
        const [one, four] = [await Engine.open(1), await Engine.open(4)];
        try {
          for (const engine of [one, four]) {
            await engine.append(events);
            await engine.foldLive(limit);
            const live = await engine.rows();
            expect(await engine.rows(await engine.rebuild(1, pageSize))).toEqual(live);
            expect(await engine.rows(await engine.rebuild(4, pageSize))).toEqual(live);
          }
          expect(await four.answers()).toEqual(await one.answers());
        } finally {
          await one.drop();
          await four.drop();
        }
      },
    ),
    { numRuns: RUNS },
  );
}, 120_000);
