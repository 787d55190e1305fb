export { AccessModule } from './access.module';
export { decideAccess, type ProductAccess } from './decide-access';
