export { AllowRoles, CurrentActor, Public, type AuthenticatedRequest } from './access-rules';
export type { Actor, Role } from './actor';
export { AuthModule } from './auth.module';
