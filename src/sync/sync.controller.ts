import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentActor, type Actor } from '../auth';
import { ValidQuery } from '../platform/valid-query';
import { FromReadModels, ReadModelPosition } from '../projections';
import { ActiveProvider } from '../settings';
import { GetSyncStatus } from './get-sync-status';
import type { SyncStatusDto } from './sync.dto';

@ApiTags('sync')
@ApiBearerAuth()
@Controller('sync')
export class SyncController {
  constructor(
    private readonly queries: QueryBus,
    private readonly active: ActiveProvider,
    private readonly position: ReadModelPosition,
  ) {}

  /** How far the read models are. With `transactionId`, whether that checkout has reached them: poll it after a checkout. */
  @Get('status')
  @FromReadModels()
  @ValidQuery({ transactionId: { type: 'string', pattern: '^[\\w.:-]{1,128}$', description: 'Of the checkout to wait for.' } })
  async getSyncStatus(@CurrentActor() { userId }: Actor, @Query('transactionId') transactionId?: string): Promise<SyncStatusDto> {
    const { environment } = this.active;
    const token = this.position.token(environment);
    const position = /^\d+$/.test(token) ? Number(token) : token;
    const status = await this.queries.execute(new GetSyncStatus(environment, userId, transactionId));
    return { ...status, state: status.pendingEvents === 0 ? 'up_to_date' : 'pending', position };
  }
}
