import { given, outcomeOf } from '../../test/support/given';
import type { ProductRefs } from './product-configuration';
import { productSetting } from './product-configuration';
import { decideConfiguration } from './decide-configuration';

const SOLO = productSetting({ productId: 'pro_solo', order: 1, prices: [{ priceId: 'pri_month' }, { priceId: 'pri_year' }] });
const TEAM = productSetting({ productId: 'pro_team', visible: false });

const products = (version: number, ...value: (typeof SOLO)[]) => given({ version, value });
const wanting =
  (basedOn: number, ...wanted: (typeof SOLO)[]) =>
  (state: { version: number; value: (typeof SOLO)[] }) =>
    decideConfiguration('products', state, basedOn, wanted);
const naming = (refs: unknown) =>
  outcomeOf(() => decideConfiguration('p_ref', { version: 0, value: {} }, 0, refs as ProductRefs));

describe('a list of products', () => {
  it('is configured for the first time', () =>
    products(0)
      .when(wanting(0, SOLO))
      .then({ version: 1, before: [], after: [SOLO] }));

  it('takes the place of the one before, whole', () =>
    products(3, SOLO)
      .when(wanting(3, TEAM))
      .then({ version: 4, before: [SOLO], after: [TEAM] }));

  it('may become empty', () =>
    products(3, SOLO)
      .when(wanting(3))
      .then({ version: 4, before: [SOLO], after: [] }));

  it('may be in another order', () =>
    products(1, SOLO, TEAM)
      .when(wanting(1, TEAM, SOLO))
      .then({ version: 2, before: [SOLO, TEAM], after: [TEAM, SOLO] }));

  it.each([
    ['nothing is configured, and nothing is wanted', [], []],
    ['it is there already', [SOLO, TEAM], [SOLO, TEAM]],
    ['it is there already, with its members in another order', [SOLO], [Object.fromEntries(Object.entries(SOLO).toReversed())]],
  ])('changes nothing when %s', (_, value, wanted) =>
    products(2, ...value)
      .when(wanting(2, ...(wanted as (typeof SOLO)[])))
      .then(null),
  );

  it.each([0, 1, 3])('is refused when it was based on version %d and is at 2', (basedOn) => {
    products(2, SOLO).when(wanting(basedOn, TEAM)).thenThrows('version_conflict', { currentVersion: 2 });
    products(2, SOLO).when(wanting(basedOn, SOLO)).thenThrows('version_conflict', { currentVersion: 2 });
  });

  it('has no product and no price twice', () => {
    const other = productSetting({ productId: 'pro_other', prices: [{ priceId: 'pri_other' }, { priceId: 'pri_year' }] });
    const errors = [
      { pointer: '/products/1/prices/1/priceId', detail: 'is on the list twice' },
      { pointer: '/products/2/productId', detail: 'is on the list twice' },
    ];
    products(0)
      .when(wanting(0, SOLO, other, { ...TEAM, productId: 'pro_solo' }))
      .thenThrows('invalid_request', { errors });
  });

  it('says what is wrong before it says that it is old', () =>
    products(2, SOLO)
      .when(wanting(0, TEAM, TEAM))
      .thenThrows('invalid_request'));
});

describe('the names of products', () => {
  it.each([
    [{ solo: 'pro_solo', Solo_2: 'pro_solo', '3rd-party': 'pro_x', constructor: 'pro_y', ['x'.repeat(64)]: 'pro_z' }],
    [{ pro: 'pro_solo', prorated: 'pro_solo', subscription: 'pro_solo' }],
  ])('may be %j', (refs) => expect(naming(refs)).toEqual({ version: 1, before: {}, after: refs }));

  it('change nothing in another order', () =>
    given({ version: 1, value: { a: 'pro_1', b: 'pro_2' } })
      .when((state) => decideConfiguration('p_ref', state, 1, { b: 'pro_2', a: 'pro_1' }))
      .then(null));

  const shape = 'must be a name of letters, digits, "-" and "_" that begins with a letter or a digit, 64 at most';
  const likeAnId = 'must not look like an id of the provider';
  it.each([
    ['', '/refs/', shape],
    ['a b', '/refs/a b', shape],
    ['-a', '/refs/-a', shape],
    ['a/b~c', '/refs/a~1b~0c', shape],
    ['é', '/refs/é', shape],
    ['x'.repeat(65), `/refs/${'x'.repeat(65)}`, shape],
    ['pro_01gsz4t5hdjse780zja8vvr7jg', '/refs/pro_01gsz4t5hdjse780zja8vvr7jg', likeAnId],
    ['PRO_solo', '/refs/PRO_solo', likeAnId],
    ['sub_01hv8x29kz0t586xy6zn1a62ny', '/refs/sub_01hv8x29kz0t586xy6zn1a62ny', likeAnId],
  ])('may not be "%s"', (ref, pointer, detail) =>
    expect(naming({ good: 'pro_1', [ref]: 'pro_2' })).toMatchObject({
      refused: 'invalid_request',
      extensions: { errors: [{ pointer, detail }] },
    }),
  );

  it('may not be "__proto__", which JSON can say', () =>
    expect(naming(JSON.parse('{"__proto__":"pro_1"}'))).toMatchObject({ refused: 'invalid_request' }));

  it.each(['', 'pro 1', 'x'.repeat(65), '/'])('may not stand for "%s"', (productId) =>
    expect(naming({ solo: productId })).toMatchObject({
      extensions: { errors: [{ pointer: '/refs/solo', detail: 'is not an id' }] },
    }),
  );

  it('are a thousand at most', () => {
    const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`ref-${n}`, 'pro_1']));
    expect(naming(names(1_000))).toMatchObject({ version: 1 });
    expect(naming(names(1_001))).toMatchObject({ extensions: { errors: [{ pointer: '/refs' }] } });
  });
});
