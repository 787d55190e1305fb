import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AnswerRecorder } from './answer-recorder';
import { IdempotencyGuard } from './idempotency.guard';
import { IdempotencyKeys } from './idempotency-keys';
import { ReplayFilter } from './replay.filter';
import { Settlements } from './settlements';

/** Makes every POST of a user or admin safe to send again. Comes after `AuthModule`: guards run in the order of modules, and this one needs to know who is calling. */
@Module({
  providers: [
    IdempotencyKeys,
    Settlements,
    AnswerRecorder,
    { provide: APP_GUARD, useClass: IdempotencyGuard },
    { provide: APP_FILTER, useClass: ReplayFilter },
  ],
})
export class IdempotencyModule {}
