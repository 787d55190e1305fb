export type * from './billing-facts';
