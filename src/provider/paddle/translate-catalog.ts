import { money } from '../../platform/money';
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
  const [id, productId] = [idOf(data.id), idOf(data.product_id)];
  if (!id || !productId) return null;
  return {
    id,
    productId,
    name: textOf(data.name),
    description: textOf(data.description),
    unitPrice: unitPriceOf(data.unit_price),
    unitPriceOverrides: listOf(data.unit_price_overrides).flatMap((override) => overrideOf(override) ?? []),
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
  return { from: 'subscription', products: productsIn(items), prices: pricesIn(items) };
}

/** A transaction that somebody began shows what is on sale; one that a subscription makes shows the subscription's prices again. */
export function mentionsOfTransaction(data: Json): CatalogMentions {
  const items = listOf(data.items);
  const lines = listOf(objectOf(data.details)?.line_items);
  const isSale = data.origin === 'web' || data.origin === 'api';
  return { from: isSale ? 'sale' : 'subscription', products: productsIn([...items, ...lines]), prices: pricesIn(items) };
}

function productsIn(items: Json[]): ProductSnapshot[] {
  return items.flatMap(({ product }) => read(product, productSnapshot));
}

function pricesIn(items: Json[]): PriceSnapshot[] {
  return items.flatMap(({ price }) => read(price, priceSnapshot));
}

function read<Snapshot>(value: unknown, readSnapshot: (data: Json) => Snapshot | null): Snapshot | [] {
  const data = objectOf(value);
  return (data && readSnapshot(data)) ?? [];
}

function unitPriceOf(value: unknown) {
  const price = objectOf(value);
  return money(price?.amount, price?.currency_code);
}

function overrideOf(override: Json): UnitPriceOverride | null {
  const unitPrice = unitPriceOf(override.unit_price);
  const codes: unknown[] = Array.isArray(override.country_codes) ? override.country_codes : [];
  return unitPrice && { countryCodes: codes.flatMap((code) => textOf(code) ?? []), unitPrice };
}

function durationOf(value: unknown): Duration | null {
  const duration = objectOf(value);
  const [interval, frequency] = [textOf(duration?.interval), duration?.frequency];
  return interval && typeof frequency === 'number' ? { interval, frequency } : null;
}

function quantityOf(value: unknown): PriceSnapshot['quantity'] {
  const quantity = objectOf(value);
  const [min, max] = [quantity?.minimum, quantity?.maximum];
  return typeof min === 'number' && typeof max === 'number' ? { min, max } : null;
}
