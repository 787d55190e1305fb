import { Body, Controller, Get, Header, HttpCode, Param, Post, Sse, StreamableFile, type MessageEvent } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { from, type Observable } from 'rxjs';
import { AccessImpact } from '../access';
import { AllowRoles, CurrentActor, type Actor } from '../auth';
import { DomainError } from '../platform/domain-error';
import { VALID_BODY } from '../platform/valid-body';
import {
  ProjectionStatus,
  Rebuilds,
  type Build,
  type ProjectionState,
  type RebuildDiff,
  type RebuildProgress,
} from '../projections';
import {
  StartRebuildDto,
  type BuildDto,
  type ProjectionDto,
  type RebuildDiffDto,
  type RebuildDto,
  type RebuildStartedDto,
} from './projections.dto';

const PROGRESS_INTERVAL_MS = 250;

@ApiTags('projections')
@AllowRoles('admin')
@Controller('projections')
export class ProjectionsController {
  constructor(
    private readonly status: ProjectionStatus,
    private readonly rebuilds: Rebuilds,
    private readonly impact: AccessImpact,
  ) {}

  /** Every read model: which build is live, how far behind it is, and what is being done about it. */
  @Get()
  @AllowRoles('auditor', 'admin')
  async listProjections(): Promise<ProjectionDto[]> {
    return Promise.all((await this.status.all()).map((state) => this.toDto(state)));
  }

  /** Builds a read model anew from the ledger, beside the live one, which serves throughout. */
  @Post(':name/rebuild')
  @HttpCode(202)
  async startRebuild(
    @Param('name') name: string,
    @Body(VALID_BODY) body: StartRebuildDto,
    @CurrentActor() actor: Actor,
  ): Promise<RebuildStartedDto> {
    const build = await this.rebuilds.start(name, body.mode ?? 'preview', actor.userId);
    return { rebuildId: String(build.build) };
  }

  /** How far a rebuild is; when it is ready, what its swap changes. */
  @Get(':name/rebuilds/:id')
  @AllowRoles('auditor', 'admin')
  async getRebuild(@Param('name') name: string, @Param('id') id: string): Promise<RebuildDto> {
    return toRebuildDto(await this.rebuilds.progress(name, numberOf(id)));
  }

  /** The same, as server-sent events until it has ended or waits for a decision. */
  @Sse(':name/rebuilds/:id/events')
  @AllowRoles('auditor', 'admin')
  async watchRebuild(@Param('name') name: string, @Param('id') id: string): Promise<Observable<MessageEvent>> {
    const first = await this.rebuilds.progress(name, numberOf(id));
    return from(this.progressOf(first));
  }

  /** Whose access the swap changes: the whole list, one JSON document a line. */
  @Get(':name/rebuilds/:id/access-changes')
  @AllowRoles('auditor', 'admin')
  @Header('content-type', 'application/x-ndjson; charset=utf-8')
  async listAccessChanges(@Param('name') name: string, @Param('id') id: string): Promise<StreamableFile> {
    const build = await this.rebuilds.progress(name, numberOf(id));
    if (!['ready', 'live', 'previous'].includes(build.state) || !build.diff) {
      throw new DomainError('rebuild_not_ready', `Rebuild ${id} is ${build.state}: there is no list yet, or no more.`);
    }
    return new StreamableFile(Readable.from(linesOf(this.impact.changesOf(build))));
  }

  /** Puts a rebuild that is ready in the place of the live read model. */
  @Post(':name/rebuilds/:id/swap')
  @HttpCode(200)
  async swapRebuild(@Param('name') name: string, @Param('id') id: string): Promise<RebuildDto> {
    return toRebuildDto(await this.rebuilds.swap(name, numberOf(id)));
  }

  /** Ends a rebuild that is not live, and drops its table. */
  @Post(':name/rebuilds/:id/cancel')
  @HttpCode(200)
  async cancelRebuild(@Param('name') name: string, @Param('id') id: string): Promise<RebuildDto> {
    return toRebuildDto(await this.rebuilds.cancel(name, numberOf(id)));
  }

  /** Brings back the build that was live before; the one that is live now is kept as the previous one. */
  @Post(':name/rollback')
  @HttpCode(200)
  async rollBack(@Param('name') name: string): Promise<RebuildDto> {
    return toRebuildDto(await this.rebuilds.rollBack(name));
  }

  private async *progressOf(first: RebuildProgress): AsyncGenerator<MessageEvent> {
    for (let current = first; ; current = await this.rebuilds.progress(first.projection, first.build)) {
      yield { data: toRebuildDto(current) };
      const decided =
        current.state === 'ready' && current.diff !== null && (current.mode === 'preview' || current.error !== null);
      if (decided || !['running', 'ready'].includes(current.state)) return;
      await delay(PROGRESS_INTERVAL_MS);
    }
  }

  private async toDto(state: ProjectionState): Promise<ProjectionDto> {
    const { name, version, status, position, lag, live, previous, rebuild, parkedStreams, lastError } = state;
    return {
      name,
      version,
      status,
      position,
      lag,
      live: toBuildDto(live),
      previous: previous && toBuildDto(previous),
      parkedStreams,
      lastError,
      rebuild: rebuild && toRebuildDto(await this.rebuilds.progressOf(rebuild)),
    };
  }
}

function toBuildDto({ build, version }: Build): BuildDto {
  return { id: String(build), version };
}

function toRebuildDto(progress: RebuildProgress): RebuildDto {
  const { build, projection, version, mode, state, requestedBy, startedAt, finishedAt, processed, total, parkedStreams, error } =
    progress;
  const eventsPerSecond = progress.eventsPerSecond === null ? null : Math.round(progress.eventsPerSecond);
  const left = total - processed;
  return {
    id: String(build),
    projection,
    version,
    mode,
    state,
    requestedBy,
    startedAt,
    finishedAt,
    processed,
    total,
    eventsPerSecond,
    etaSeconds: state === 'running' && eventsPerSecond ? Math.ceil(left / eventsPerSecond) : null,
    parkedStreams,
    diff: progress.diff ? toDiffDto(progress.diff as RebuildDiff) : null,
    error,
  };
}

function toDiffDto({ access, ...rows }: RebuildDiff): RebuildDiffDto {
  return { ...rows, access: access as RebuildDiffDto['access'] };
}

function numberOf(id: string): number {
  if (!/^[1-9]\d{0,8}$/.test(id)) throw new DomainError('not_found', `There is no rebuild ${id}.`);
  return Number(id);
}

async function* linesOf(pages: AsyncIterable<unknown[]>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((one) => `${JSON.stringify(one)}\n`).join('');
}
