export { adjustedAt, inForce, moneyReturned, withAdjustment, type Adjustment } from './adjustments';
