import type { ProductAccess } from '../../access';
import { instantFromMs, type Instant } from '../../platform/instant';
import { offlineStatement } from './offline-statement';

const NOW = 1_800_000_000;
const HOUR = 3_600;
const at = (seconds: number) => instantFromMs((NOW + seconds) * 1_000);
const product = (productId: string, access: ProductAccess['access'], until: string | null = null): ProductAccess => {
  return { productId, access, reason: 'granted', source: null, until, quantity: 2 };
};
const expiry = (changesAt: Instant | null, ...products: ProductAccess[]) => {
  const stated = offlineStatement(products, changesAt, NOW, HOUR);
  return stated && stated.expiresAt - NOW;
};

it('states every product, also what it does not give', () => {
  const products = [product('pro_1', 'full', at(7_200)), product('pro_2', 'none', at(-60))];
  expect(offlineStatement(products, null, NOW, HOUR)).toEqual({
    access: {
      pro_1: { access: 'full', until: at(7_200), quantity: 2 },
      pro_2: { access: 'none', until: at(-60), quantity: 2 },
    },
    expiresAt: NOW + HOUR,
  });
});

it('is good for its time, and never longer than any access in it', () => {
  expect(expiry(null, product('pro_1', 'full'))).toBe(HOUR);
  expect(expiry(null, product('pro_1', 'full', at(HOUR + 1)))).toBe(HOUR);
  expect(expiry(null, product('pro_1', 'full'), product('pro_2', 'read_only', at(600)))).toBe(600);
  expect(expiry(null, product('pro_1', 'full', '2027-01-15T08:10:00.999999Z'))).toBe(600); // never rounded up
});

it('ends when the answer changes by itself', () => expect(expiry(at(30), product('pro_1', 'full'))).toBe(30));

it('does not care when something ended that gives nothing', () =>
  expect(expiry(null, product('pro_1', 'full'), product('pro_2', 'none', at(60)))).toBe(HOUR));

it('is none where there is nothing to use, nor a second left', () => {
  expect(expiry(null)).toBeNull();
  expect(expiry(null, product('pro_1', 'none'))).toBeNull();
  expect(expiry(null, product('pro_1', 'full', at(0.5)))).toBeNull();
});
