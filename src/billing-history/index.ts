export { billingHistory } from './read-models/billing-history';
