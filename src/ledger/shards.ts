import { ENVIRONMENTS, type Environment } from '../platform/environment';
import type { LedgerEnvironment } from './event';

/** Facts of the installation itself. */
const INSTALLATION_SHARD = 0;

/**
 * Which shard an event lies on. A shard is one gapless line of positions in one environment.
 * Sandbox has 1, 3, 5, … and live 2, 4, 6, …, so that each environment's first shard is the same whatever their number.
 */
export class ShardMap {
  constructor(private readonly perEnvironment: number) {}

  /** A customer's facts share a shard; what belongs to no customer yet lies on the environment's first. */
  shardFor(environment: LedgerEnvironment, customerId: string | null): number {
    if (environment === 'installation') return INSTALLATION_SHARD;
    return this.shardAt(environment, customerId === null ? 0 : fnv1a(customerId) % this.perEnvironment);
  }

  shardsOf(environment: LedgerEnvironment): number[] {
    if (environment === 'installation') return [INSTALLATION_SHARD];
    return Array.from({ length: this.perEnvironment }, (_, ordinal) => this.shardAt(environment, ordinal));
  }

  environmentOf(shardId: number): LedgerEnvironment {
    return shardId === INSTALLATION_SHARD ? 'installation' : ENVIRONMENTS[(shardId - 1) % ENVIRONMENTS.length]!;
  }

  all(): number[] {
    return [INSTALLATION_SHARD, ...ENVIRONMENTS.flatMap((environment) => this.shardsOf(environment))].sort((a, b) => a - b);
  }

  private shardAt(environment: Environment, ordinal: number): number {
    return 1 + ENVIRONMENTS.indexOf(environment) + ENVIRONMENTS.length * ordinal;
  }
}

/** FNV-1a, 32 bits. Where a customer lies must never change, so this is ours and not the database's. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
