import { pointerTo, type InputError } from '../platform/problem-details';
import type { Configurations, ConfigurationKey } from './configuration-facts';
import type { ProductRefs, ProductSetting } from './product-configuration';

export const ENTRIES_LIMIT = 1_000;

const ID = /^[\w-]{1,64}$/;
const REF = /^[a-z0-9][a-z0-9_-]{0,63}$/i;
/** `pro_…`, and whatever else the provider gives such ids to. */
const LIKE_AN_ID = /^pro_|^[a-z]{3,}_[a-z0-9]{26}$/i;

/** What is wrong with a configuration as a whole, and where: pointers into the body of the request that sets it. */
export const ERRORS_IN: { [Key in ConfigurationKey]: (value: Configurations[Key]) => InputError[] } = {
  products: repetitionsIn,
  p_ref: wrongRefsIn,
};

function repetitionsIn(products: ProductSetting[]): InputError[] {
  const ids = products.flatMap(({ productId, prices }, index) => [
    { id: productId, pointer: pointerTo('products', index, 'productId') },
    ...prices.map(({ priceId }, place) => ({ id: priceId, pointer: pointerTo('products', index, 'prices', place, 'priceId') })),
  ]);
  const seen = new Set<string>();
  return ids.flatMap(({ id, pointer }) => {
    if (seen.has(id)) return { pointer, detail: 'is on the list twice' };
    seen.add(id);
    return [];
  });
}

function wrongRefsIn(refs: ProductRefs): InputError[] {
  const entries = Object.entries(refs);
  if (entries.length > ENTRIES_LIMIT) return [{ pointer: '/refs', detail: `must not have more than ${ENTRIES_LIMIT} names` }];
  return entries.flatMap(([ref, productId]) => {
    const detail = wrongName(ref) ?? (ID.test(productId) ? null : 'is not an id');
    return detail ? { pointer: pointerTo('refs', ref), detail } : [];
  });
}

function wrongName(ref: string): string | null {
  if (!REF.test(ref)) return 'must be a name of letters, digits, "-" and "_" that begins with a letter or a digit, 64 at most';
  return LIKE_AN_ID.test(ref) ? 'must not look like an id of the provider' : null;
}
