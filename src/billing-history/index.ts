export { toEntry, type BillingEntry } from './billing-entry';
export { BillingHistory } from './billing-history';
export { billingHistory } from './read-models/billing-history';
