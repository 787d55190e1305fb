export { AccessImpact, type AccessChange, type AccessDiff } from './access-impact';
export { AccessModule } from './access.module';
export { decideAccess, type ProductAccess } from './decide-access';
export { UserAccess } from './user-access';
