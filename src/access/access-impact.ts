import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ShardMap } from '../ledger';
import { Clock } from '../platform/clock';
import { Database } from '../platform/database';
import { ENVIRONMENTS, type Environment } from '../platform/environment';
import { RebuildReport, type Build, type ChangedRow, type Impact, type Snapshot } from '../projections';
import { ProductSettings } from '../settings';
import { SourceReaders, type SourceReader, type UserSources } from './access-sources';
import { decideAccess, type ProductAccess } from './decide-access';

/** One user's access to one product, as it is and as it would be; null: nothing at all. */
export interface AccessChange {
  environment: Environment;
  userId: string;
  productId: string;
  before: ProductAccess | null;
  after: ProductAccess | null;
}

/** What a rebuild does to people. `gained` and `lost` count those who may use a product on one side only. */
export interface AccessDiff {
  users: number;
  gained: number;
  lost: number;
  /** Same access, other reason, end or quantity. */
  changed: number;
  samples: AccessChange[];
}

const USERS_AT_ONCE = 500;
const SAMPLES = 20;

/** Which users a rebuild concerns, found by the customers and users that its changed rows name; and what it changes for them. */
@Injectable()
export class AccessImpact implements Impact, OnModuleInit {
  constructor(
    private readonly report: RebuildReport,
    private readonly database: Database,
    private readonly shards: ShardMap,
    private readonly readers: SourceReaders,
    private readonly settings: ProductSettings,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.report.explainWith(this);
  }

  async describe(snapshot: Snapshot, build: Build, pages: AsyncIterable<ChangedRow[]>): Promise<AccessDiff> {
    const [live, next] = [this.readers.of(snapshot.live), this.readers.of(snapshot.next)];
    const concerned = new Map<Environment, Set<string>>(ENVIRONMENTS.map((environment) => [environment, new Set()]));
    for await (const rows of pages) {
      for (const environment of ENVIRONMENTS) {
        const own = rows.filter(({ shardId }) => this.shards.environmentOf(shardId) === environment);
        if (own.length === 0) continue;
        const users = concerned.get(environment)!;
        for (const reader of [live, next]) for (const user of await usersNamedBy(own, environment, reader)) users.add(user);
      }
    }
    const diff: AccessDiff = { users: 0, gained: 0, lost: 0, changed: 0, samples: [] };
    await this.database.query('DELETE FROM operations.access_changes WHERE projection = $1 AND build = $2', [
      build.projection,
      build.build,
    ]);
    let number = 0;
    for (const [environment, users] of concerned) {
      const sorted = [...users].sort();
      for (let start = 0; start < sorted.length; start += USERS_AT_ONCE) {
        const batch = sorted.slice(start, start + USERS_AT_ONCE);
        const changes = await this.changesBetween(live, next, environment, batch);
        count(diff, changes);
        await this.keep(build, number, changes);
        number += changes.length;
      }
    }
    return diff;
  }

  /** The whole list, in pages. */
  async *changesOf(build: Pick<Build, 'projection' | 'build'>): AsyncGenerator<AccessChange[]> {
    for (let after = 0; ;) {
      const { rows } = await this.database.query<AccessChange & { number: number }>(
        `SELECT number, environment, user_id AS "userId", product_id AS "productId", before, after
           FROM operations.access_changes WHERE projection = $1 AND build = $2 AND number > $3 ORDER BY number LIMIT 1000`,
        [build.projection, build.build, after],
      );
      if (rows.length === 0) return;
      after = rows.at(-1)!.number;
      yield rows.map(({ environment, userId, productId, before, after: next }) => ({
        environment,
        userId,
        productId,
        before,
        after: next,
      }));
    }
  }

  private async changesBetween(live: SourceReader, next: SourceReader, environment: Environment, userIds: string[]) {
    const before = await live.ofUsers(environment, userIds);
    const after = await next.ofUsers(environment, userIds);
    const [configuration, now] = [this.settings.of(environment), this.clock.now()];
    const accessOf = ({ sources }: UserSources) => byProduct(decideAccess(sources, configuration, now));
    return userIds.flatMap((userId): AccessChange[] => {
      const [had, has] = [accessOf(before.get(userId)!), accessOf(after.get(userId)!)];
      const products = [...new Set([...had.keys(), ...has.keys()])].sort();
      return products.flatMap((productId) => {
        const change = { environment, userId, productId, before: had.get(productId) ?? null, after: has.get(productId) ?? null };
        return JSON.stringify(change.before) === JSON.stringify(change.after) ? [] : change;
      });
    });
  }

  private async keep({ projection, build }: Build, after: number, changes: AccessChange[]): Promise<void> {
    if (changes.length === 0) return;
    await this.database.query(
      `INSERT INTO operations.access_changes (projection, build, number, environment, user_id, product_id, before, after)
       SELECT $1, $2, $3 + row_number() OVER (), environment, "userId", "productId", before, after
         FROM json_to_recordset($4::json) AS c(environment text, "userId" text, "productId" text, before jsonb, after jsonb)`,
      [projection, build, after, JSON.stringify(changes)],
    );
  }
}

async function usersNamedBy(rows: ChangedRow[], environment: Environment, reader: SourceReader): Promise<string[]> {
  const versions = rows.flatMap(({ before, after }) => [before, after]);
  const named = (column: string) => versions.flatMap((row) => (typeof row?.[column] === 'string' ? row[column] : []));
  return [...named('user_id'), ...(await reader.usersOf(environment, [...new Set(named('customer_id'))]))];
}

function byProduct(products: ProductAccess[]): Map<string, ProductAccess> {
  return new Map(products.map((product) => [product.productId, product]));
}

function count(diff: AccessDiff, changes: AccessChange[]): void {
  diff.users += new Set(changes.map(({ userId }) => userId)).size;
  for (const change of changes) {
    if (diff.samples.length < SAMPLES) diff.samples.push(change);
    const [had, has] = [change.before, change.after].map((access) => (access?.access ?? 'none') !== 'none');
    if (has && !had) diff.gained++;
    else if (had && !has) diff.lost++;
    else diff.changed++;
  }
}
