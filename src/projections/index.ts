export { anyProjection, type AnyProjection, type Fact, type Projection, type Translate } from './projection';
export { foldBatch, keysOfBatch, type Rows } from './fold';
export { ProjectionsModule, type ProjectionsOptions } from './projections.module';
export { ProjectionRegistry } from './projection-registry';
export { FromReadModels, RequestEnvironment } from './read-model-gate';
export { ReadModelPosition, type AdvanceListener } from './read-model-position';
export { ReadModels } from './read-models';
