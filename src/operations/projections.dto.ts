import { IsIn, IsOptional } from 'class-validator';

export class ProjectionLagDto {
  events: number;
  /** Age of the oldest event that is not folded. */
  seconds: number;
}

export class BuildDto {
  /** @example "3" */
  id: string;
  version: number;
}

export class ProjectionDto {
  /** @example "subscriptions" */
  name: string;
  /** Of the code that answers. */
  version: number;
  /** `paused`: another version is live than runs here, and no rebuild is under way. `failed`: streams wait in the dead letters. */
  status: 'live' | 'rebuilding' | 'paused' | 'failed';
  position: string;
  lag: ProjectionLagDto;
  live: BuildDto;
  /** What a rollback would bring back. */
  previous: BuildDto | null;
  parkedStreams: number;
  lastError: string | null;
  rebuild: RebuildDto | null;
}

export class ChangedRowDto {
  shardId: number;
  key: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export class AccessChangeDto {
  environment: 'sandbox' | 'live';
  userId: string;
  productId: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export class AccessDiffDto {
  /** Whose access changes in any way. */
  users: number;
  /** Users and products with access after the swap only. */
  gained: number;
  /** Users and products with access before the swap only. */
  lost: number;
  /** Same access, other reason, end or quantity. */
  changed: number;
  samples: AccessChangeDto[];
}

export class RebuildDiffDto {
  added: number;
  removed: number;
  changed: number;
  /** How many changed rows differ in a column. */
  changedFields: Record<string, number>;
  samples: ChangedRowDto[];
  access: AccessDiffDto | null;
}

export class RebuildDto {
  id: string;
  projection: string;
  version: number;
  mode: 'initial' | 'preview' | 'swap';
  /** `running`, then `ready` (caught up and kept so), then `live`. */
  state: 'running' | 'ready' | 'live' | 'previous' | 'retired' | 'cancelled' | 'failed';
  requestedBy: string;
  startedAt: string;
  finishedAt: string | null;
  /** Events folded, */
  processed: number;
  /** of all that there are now. */
  total: number;
  eventsPerSecond: number | null;
  etaSeconds: number | null;
  /** Streams that it could not fold. */
  parkedStreams: number;
  /** What the swap changes; null until the rebuild is ready. */
  diff: RebuildDiffDto | null;
  error: string | null;
}

export class StartRebuildDto {
  /** `preview` (default) stops before the swap and shows what it will change. */
  @IsOptional()
  @IsIn(['preview', 'swap'])
  mode?: 'preview' | 'swap';
}

export class RebuildStartedDto {
  rebuildId: string;
}
