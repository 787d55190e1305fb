export { Instances, isAliveSql } from './instances';
export { InstancesModule } from './instances.module';
