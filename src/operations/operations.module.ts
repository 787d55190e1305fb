import { Module } from '@nestjs/common';
import { AccessModule } from '../access';
import { DeadLettersController } from './dead-letters.controller';
import { OperationsController } from './operations.controller';
import { ProjectionGauges } from './projection-gauges';
import { ProjectionsController } from './projections.controller';
import { ReadinessCheck } from './readiness';

@Module({
  imports: [AccessModule],
  controllers: [OperationsController, ProjectionsController, DeadLettersController],
  providers: [ReadinessCheck, ProjectionGauges],
})
export class OperationsModule {}
