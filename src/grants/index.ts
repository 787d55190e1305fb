export { isInForce, type Grant } from './grant';
export { GRANT_EVENT_TYPES, readGrantFact, type GrantFact, type GrantGiven, type GrantRevoked } from './grant-facts';
export { Grants } from './grants';
export { GrantsModule } from './grants.module';
export { grants, type GrantRow } from './read-models/grants';
