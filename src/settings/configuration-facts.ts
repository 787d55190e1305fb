import type { FoldableEvent } from '../ledger';
import type { Fact } from '../projections';
import { productSetting, type GivenProductSetting, type ProductRefs, type ProductSetting } from './product-configuration';

/** What admins configure, by the names of the routes that set it. */
export interface Configurations {
  products: ProductSetting[];
  p_ref: ProductRefs;
}

export type ConfigurationKey = keyof Configurations;

/** The event of a change. */
export const CONFIGURED: Record<ConfigurationKey, string> = {
  products: 'config.products_configured',
  p_ref: 'config.product_refs_configured',
};

/** Where the changes of an environment are. */
export const STREAMS: Record<ConfigurationKey, string> = { products: 'config:products', p_ref: 'config:p_ref' };

/** The body of a change's event: everything as it was, and as it is from then on. */
export interface ConfiguredBody<Key extends ConfigurationKey = ConfigurationKey> {
  /** Of the stream, with this event. */
  version: number;
  changedBy: string;
  before: Configurations[Key];
  after: Configurations[Key];
}

/** Somebody configured something. */
export interface Configured extends Fact {
  kind: 'configured';
  key: ConfigurationKey;
  version: number;
  value: Configurations[ConfigurationKey];
  changedAt: string;
  changedBy: string;
}

/** The event types that configurations are read from. */
export const CONFIGURATION_EVENT_TYPES: Record<Configured['kind'], string[]> = { configured: Object.values(CONFIGURED) };

/**
 * Reads an event of a configuration stream; null for any other, and for types that nobody knows yet.
 * @throws Error when the body does not say what such an event says: its stream has to wait until that is mended
 */
export function readConfigurationFact(event: FoldableEvent): Configured | null {
  const key = (Object.keys(CONFIGURED) as ConfigurationKey[]).find((one) => CONFIGURED[one] === event.type);
  if (event.source !== 'native' || !key || event.streamId !== STREAMS[key]) return null;
  const { version, changedBy, after } = objectOf(event.content(), 'body');
  if (!Number.isSafeInteger(version) || typeof changedBy !== 'string') throw malformed('version or changedBy');
  const value = key === 'products' ? productsOf(after) : refsOf(after);
  return { kind: 'configured', key, version: version as number, value, changedAt: event.occurredAt, changedBy };
}

/** Older events lack what can be configured since. */
function productsOf(value: unknown): ProductSetting[] {
  if (!Array.isArray(value)) throw malformed('products');
  return value.map((product) => {
    const given = objectOf(product, 'product');
    if (typeof given.productId !== 'string') throw malformed('productId');
    return productSetting(given as unknown as GivenProductSetting);
  });
}

function refsOf(value: unknown): ProductRefs {
  const refs = objectOf(value, 'refs');
  if (!Object.values(refs).every((productId) => typeof productId === 'string')) throw malformed('refs');
  return refs as ProductRefs;
}

function objectOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw malformed(name);
}

function malformed(name: string): Error {
  return new Error(`the ${name} of a configuration's event cannot be read`);
}
