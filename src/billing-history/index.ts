export { toEntry, type BillingEntry } from './billing-entry';
export { BillingHistory } from './billing-history';
export { BillingHistoryModule } from './billing-history.module';
export { billingHistory } from './read-models/billing-history';
