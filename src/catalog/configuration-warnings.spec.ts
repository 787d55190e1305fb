import { productSetting } from '../settings';
import type { CatalogProduct } from './catalog-entries';
import { warningsAboutProducts, warningsAboutRefs } from './configuration-warnings';

const CATALOG = [
  { id: 'pro_1', prices: [{ id: 'pri_1', productId: 'pro_1' }] },
  { id: 'pro_2', prices: [{ id: 'pri_2', productId: 'pro_2' }] },
] as unknown as CatalogProduct[];
const UNKNOWN = 'is not in the catalog; it counts as soon as it is';

it('says nothing of what is known', () => {
  expect(warningsAboutProducts([productSetting({ productId: 'pro_1', prices: [{ priceId: 'pri_1' }] })], CATALOG)).toEqual([]);
  expect(warningsAboutRefs({ one: 'pro_1', two: 'pro_2' }, CATALOG)).toEqual([]);
});

it('says which products and prices nobody has seen, and whose prices they are', () => {
  const prices = [{ priceId: 'pri_1' }, { priceId: 'pri_2' }, { priceId: 'pri_3' }];
  const products = [productSetting({ productId: 'pro_3' }), productSetting({ productId: 'pro_1', prices })];
  expect(warningsAboutProducts(products, CATALOG)).toEqual([
    { pointer: '/products/0/productId', detail: UNKNOWN },
    { pointer: '/products/1/prices/1/priceId', detail: 'is a price of pro_2' },
    { pointer: '/products/1/prices/2/priceId', detail: UNKNOWN },
  ]);
});

it('says which names stand for products that nobody has seen', () => {
  expect(warningsAboutRefs({ one: 'pro_1', 'x/y': 'pro_9' }, CATALOG)).toEqual([{ pointer: '/refs/x~1y', detail: UNKNOWN }]);
});
