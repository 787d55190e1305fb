export { adjustedAt, inForce, moneyReturned, withAdjustment, type Adjustment } from './adjustments';
export { lineStateOf, productsOf, type Purchase, type PurchasedProduct, type PurchaseState } from './purchase';
export { PurchaseQueries } from './purchase-queries';
export { PurchasesModule } from './purchases.module';
export { purchaseOf, purchases, type PurchaseRow } from './read-models/purchases';
