export { AccessImpact, type AccessChange, type AccessDiff } from './access-impact';
export { AccessModule } from './access.module';
export { decideAccess, type AccessSources, type ProductAccess } from './decide-access';
export { UserAccess, type KnownAccess } from './user-access';
