import { Global, Module } from '@nestjs/common';
import { Instances } from './instances';

/** Tells every room which processes run. */
@Global()
@Module({ providers: [Instances], exports: [Instances] })
export class InstancesModule {}
