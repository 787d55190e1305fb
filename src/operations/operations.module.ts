import { Module } from '@nestjs/common';
import { OperationsController } from './operations.controller';
import { ReadinessCheck } from './readiness';

@Module({ controllers: [OperationsController], providers: [ReadinessCheck] })
export class OperationsModule {}
