import { money, type Money } from '../../platform/money';
import type { CatalogMentions, Duration, PriceSnapshot, ProductSnapshot, UnitPriceOverride } from '../billing-facts';
import { idOf, listOf, objectOf, textOf, type Json } from './json-fields';

/** Reads a product (REFERENCE 2.8), its own or one that stands in something else. */
export function productSnapshot(data: Json): ProductSnapshot | null {
  const id = idOf(data.id);
  if (!id) return null;
  return {
    id,
    name: textOf(data.name),
    description: textOf(data.description),
    imageUrl: textOf(data.image_url),
    status: textOf(data.status),
    type: textOf(data.type),
  };
}

/** Reads a price (REFERENCE 2.8). Old ones that stand in something else lack all but the ids and the amount. */
export function priceSnapshot(data: Json): PriceSnapshot | null {
  const id = idOf(data.id);
  const productId = idOf(data.product_id);
  if (!id || !productId) return null;
  return {
    id,
    productId,
    name: textOf(data.name),
    description: textOf(data.description),
    unitPrice: unitPriceOf(data.unit_price),
    unitPriceOverrides: overridesOf(data.unit_price_overrides),
    billingCycle: durationOf(data.billing_cycle),
    trialPeriod: durationOf(data.trial_period),
    quantity: quantityOf(data.quantity),
    status: textOf(data.status),
    type: textOf(data.type),
  };
}

/** A subscription's items show their prices as they were when they were added (REFERENCE 2.4). */
export function mentionsOfSubscription(data: Json): CatalogMentions {
  const items = listOf(data.items);
  return { from: 'subscription', products: snapshotsIn(items, 'product', productSnapshot), prices: pricesIn(items) };
}

/** A transaction that somebody began shows what is on sale; one that a subscription makes shows the subscription's prices again. */
export function mentionsOfTransaction(data: Json): CatalogMentions {
  const lines = listOf(objectOf(data.details)?.line_items);
  const isSale = data.origin === 'web' || data.origin === 'api';
  return {
    from: isSale ? 'sale' : 'subscription',
    products: snapshotsIn(lines, 'product', productSnapshot),
    prices: pricesIn(listOf(data.items)),
  };
}

function pricesIn(items: Json[]): PriceSnapshot[] {
  return snapshotsIn(items, 'price', priceSnapshot);
}

/** Runs for every webhook, so it makes nothing on the way. */
function snapshotsIn<Snapshot>(parts: Json[], field: string, read: (data: Json) => Snapshot | null): Snapshot[] {
  const snapshots: Snapshot[] = [];
  for (const part of parts) {
    const data = objectOf(part[field]);
    const snapshot = data && read(data);
    if (snapshot) snapshots.push(snapshot);
  }
  return snapshots;
}

function unitPriceOf(value: unknown): Money | null {
  const price = objectOf(value);
  return price && money(price.amount, price.currency_code);
}

function overridesOf(value: unknown): UnitPriceOverride[] {
  const overrides: UnitPriceOverride[] = [];
  for (const { unit_price: price, country_codes: codes } of listOf(value)) {
    const unitPrice = unitPriceOf(price);
    if (unitPrice) overrides.push({ countryCodes: textsOf(codes), unitPrice });
  }
  return overrides;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text) => textOf(text) !== null) : [];
}

function durationOf(value: unknown): Duration | null {
  const duration = objectOf(value);
  const interval = textOf(duration?.interval);
  return interval && typeof duration?.frequency === 'number' ? { interval, frequency: duration.frequency } : null;
}

function quantityOf(value: unknown): PriceSnapshot['quantity'] {
  const quantity = objectOf(value);
  const min = quantity?.minimum;
  const max = quantity?.maximum;
  return typeof min === 'number' && typeof max === 'number' ? { min, max } : null;
}
