import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import type { Instant } from '../platform/instant';
import { ReadModelPosition, type Advance } from '../projections';
import { ProductSettings, type ProductConfiguration } from '../settings';
import { SourceReader, type UserSources } from './access-sources';
import { BatchedReads } from './batched-reads';
import { decideAccess, nextChangeAfter, type ProductAccess } from './decide-access';

/** What is known of one user: the sources, and the answer that holds until `changesAt`, as long as nothing is configured anew. */
export interface KnownAccess extends UserSources {
  products: ProductAccess[];
  configuration: ProductConfiguration;
  changesAt: Instant | null;
}

const REMEMBERED_USERS = 100_000;

/**
 * What each user may use, remembered until an event about them is folded. The ledger itself says what to forget:
 * before a new read-model position is shown, everything that its events are about is dropped.
 */
@Injectable()
export class UserAccess implements OnModuleInit {
  private readonly known: LRUCache<string, KnownAccess>;
  private readonly reads: Record<Environment, BatchedReads<KnownAccess>>;
  /** Keys of `known` by what they depend on: user, customer ids, streams. */
  private readonly dependants = new Map<string, Set<string>>();

  constructor(
    private readonly sources: SourceReader,
    private readonly settings: ProductSettings,
    private readonly position: ReadModelPosition,
    private readonly clock: Clock,
  ) {
    this.known = new LRUCache({ max: REMEMBERED_USERS, dispose: (value, key) => this.unlink(key, value) });
    this.reads = { sandbox: this.readsOf('sandbox'), live: this.readsOf('live') };
  }

  onModuleInit(): void {
    this.position.beforeAdvance((advance) => this.forgetWhatChanged(advance));
  }

  of(environment: Environment, userId: string): KnownAccess | Promise<KnownAccess> {
    return this.remembered(environment, userId) ?? this.reads[environment].read(userId);
  }

  /** The same for many, with a few queries for all that are not remembered. */
  async ofMany(environment: Environment, userIds: string[]): Promise<Map<string, KnownAccess>> {
    const known = await Promise.all(userIds.map(async (userId) => this.of(environment, userId)));
    return new Map(userIds.map((userId, index) => [userId, known[index]!]));
  }

  private remembered(environment: Environment, userId: string): KnownAccess | null {
    const key = keyOf(environment, userId);
    const known = this.known.get(key);
    if (!known) return null;
    const now = this.clock.now();
    const configuration = this.settings.of(environment);
    if (configuration === known.configuration && (known.changesAt === null || now < known.changesAt)) return known;
    const decided = decide(known, configuration, now);
    this.remember(key, decided);
    return decided;
  }

  private readsOf(environment: Environment): BatchedReads<KnownAccess> {
    return new BatchedReads(
      (userIds) => this.read(environment, userIds),
      (userId, access) => this.remember(keyOf(environment, userId), access),
    );
  }

  private async read(environment: Environment, userIds: string[]): Promise<Map<string, KnownAccess>> {
    const sources = await this.sources.ofUsers(environment, userIds);
    const [configuration, now] = [this.settings.of(environment), this.clock.now()];
    return new Map([...sources].map(([userId, own]) => [userId, decide(own, configuration, now)]));
  }

  private forgetWhatChanged(advance: Advance): void {
    // While something is being read nobody knows what it will depend on, so whatever is being read is outdated.
    for (const reads of Object.values(this.reads)) reads.outdate();
    if (!advance?.subjects) return this.known.clear();
    for (const subject of advance.subjects) {
      for (const key of this.dependants.get(subject) ?? []) this.known.delete(key);
    }
  }

  private remember(key: string, access: KnownAccess): void {
    this.known.set(key, access);
    for (const subject of subjectsOf(key, access)) {
      const keys = this.dependants.get(subject);
      if (keys) keys.add(key);
      else this.dependants.set(subject, new Set([key]));
    }
  }

  private unlink(key: string, access: KnownAccess): void {
    for (const subject of subjectsOf(key, access)) {
      const keys = this.dependants.get(subject);
      keys?.delete(key);
      if (keys?.size === 0) this.dependants.delete(subject);
    }
  }
}

function keyOf(environment: Environment, userId: string): string {
  return `${environment} ${userId}`;
}

function decide({ links, sources }: UserSources, configuration: ProductConfiguration, now: Instant): KnownAccess {
  const changesAt = nextChangeAfter(sources, configuration, now);
  return { links, sources, products: decideAccess(sources, configuration, now), configuration, changesAt };
}

/** Events about any of these change the answer. A purchase and what becomes of it are about its customer; a grant about the user. */
function subjectsOf(key: string, { links, sources }: KnownAccess): string[] {
  const userId = key.slice(key.indexOf(' ') + 1);
  const customers = links.map(({ customerId }) => customerId);
  return [`user:${userId}`, ...customers, ...sources.subscriptions.map(({ id }) => id)];
}
