import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CustomerLinks } from '../customers';
import { Clock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import type { Instant } from '../platform/instant';
import { ReadModelPosition, type Advance } from '../projections';
import { SubscriptionQueries } from '../subscriptions';
import { readSources, type UserSources } from './access-sources';
import { decideAccess, nextChangeAfter, type ProductAccess } from './decide-access';

/** What is known of one user: the sources, and the answer that holds until `changesAt`. */
export interface KnownAccess extends UserSources {
  products: ProductAccess[];
  changesAt: Instant | null;
}

interface Loading {
  result: Promise<KnownAccess>;
  /** Something changed while it was read: right for who asked before, not to be remembered. */
  outdated: boolean;
}

const REMEMBERED_USERS = 100_000;

/**
 * What each user may use, remembered until an event about them is folded. The ledger itself says what to forget:
 * before a new read-model position is shown, everything that its events are about is dropped.
 */
@Injectable()
export class UserAccess implements OnModuleInit {
  private readonly known: LRUCache<string, KnownAccess>;
  private readonly loading = new Map<string, Loading>();
  /** Keys of `known` by what they depend on: user, customer ids, streams. */
  private readonly dependants = new Map<string, Set<string>>();

  constructor(
    private readonly links: CustomerLinks,
    private readonly subscriptions: SubscriptionQueries,
    private readonly position: ReadModelPosition,
    private readonly clock: Clock,
  ) {
    this.known = new LRUCache({ max: REMEMBERED_USERS, dispose: (value, key) => this.unlink(key, value) });
  }

  onModuleInit(): void {
    this.position.beforeAdvance((advance) => this.forgetWhatChanged(advance));
  }

  of(environment: Environment, userId: string): KnownAccess | Promise<KnownAccess> {
    const key = `${environment} ${userId}`;
    const known = this.known.get(key);
    if (!known) return this.load(key, environment, userId);
    const now = this.clock.now();
    if (known.changesAt === null || now < known.changesAt) return known;
    const decided = decide(known, now);
    this.remember(key, decided);
    return decided;
  }

  private load(key: string, environment: Environment, userId: string): Promise<KnownAccess> {
    const running = this.loading.get(key);
    if (running && !running.outdated) return running.result;
    const loading: Loading = { result: this.read(environment, userId), outdated: false };
    this.loading.set(key, loading);
    const finish = (access: KnownAccess | null) => {
      if (this.loading.get(key) === loading) this.loading.delete(key);
      if (access && !loading.outdated) this.remember(key, access);
    };
    loading.result.then(finish, () => finish(null));
    return loading.result;
  }

  private async read(environment: Environment, userId: string): Promise<KnownAccess> {
    const readers = { links: this.links, subscriptions: this.subscriptions };
    const known = await readSources(readers, environment, [userId]);
    return decide(known.get(userId)!, this.clock.now());
  }

  private forgetWhatChanged(advance: Advance): void {
    // While something is being read nobody knows what it will depend on, so whatever is being read is outdated.
    for (const loading of this.loading.values()) loading.outdated = true;
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

function decide({ links, sources }: UserSources, now: Instant): KnownAccess {
  return { links, sources, products: decideAccess(sources, now), changesAt: nextChangeAfter(sources, now) };
}

/** Events about any of these change the answer. */
function subjectsOf(key: string, { links, sources }: KnownAccess): string[] {
  const userId = key.slice(key.indexOf(' ') + 1);
  const customers = links.map(({ customerId }) => customerId);
  return [`user:${userId}`, ...customers, ...sources.subscriptions.map(({ id }) => id)];
}
