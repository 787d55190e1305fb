import { commandEvent } from '../../test/support/command-events';
import { licenseEvent, resizedEvent } from '../../test/support/license-events';
import { readLicenseFact, readPoolEvent } from './license-facts';

const ASSIGNED = { productId: 'pro_1', entityId: 'ada', name: null, metadata: { desk: 1 }, number: 1 };

it('reads what an event says of a license', () => {
  const at = '2026-06-15T12:00:01.000000Z';
  expect(readLicenseFact(licenseEvent('sub_1', 1, 1))).toEqual({
    kind: 'license_changed',
    licenseId: 'lic_sub_1_1',
    revision: 1,
    source: { type: 'subscription', id: 'sub_1' },
    customerId: 'ctm_1',
    parts: { ...ASSIGNED, restoredFrom: null, commandId: null, createdAt: at, status: 'active', reason: null, statusSince: at },
    at,
  });
});

it('tells a purchase by its id', () =>
  expect(readLicenseFact(licenseEvent('txn_1', 1, 2))).toMatchObject({ source: { type: 'purchase' }, parts: { name: 'Ada' } }));

it('reads what a pool had, which is about no license', () => {
  const event = resizedEvent('sub_1', { pro_1: 3 });
  expect(readPoolEvent(event)).toMatchObject({
    type: 'license.pool_resized',
    data: { totals: { pro_1: 3 } },
    customerId: 'ctm_1',
  });
  expect(readLicenseFact(event)).toBeNull();
});

it.each([
  ['of another stream', licenseEvent('sub_1', 1, 1, { streamId: 'grant:1' })],
  ['of a type that nobody knows yet', licenseEvent('sub_1', 1, 9)],
  ["of the provider's", licenseEvent('sub_1', 1, 1, { source: 'webhook' })],
  ['named like what every object has', commandEvent('constructor', {}, { streamId: 'license-pool:sub_1' })],
])('leaves an event alone that is %s', (_, event) => expect(readLicenseFact(event)).toBeNull());

it.each([
  ['licenseId', { licenseId: 7 }],
  ['revision', { revision: 0 }],
  ['productId', { productId: '' }],
  ['metadata', { metadata: [] }],
  ['number', { number: '1' }],
])('refuses one whose %s cannot be read', (name, change) => {
  const event = licenseEvent('sub_1', 1, 1);
  const broken = { ...event, content: () => ({ ...(event.content() as object), ...change }) };
  expect(() => readLicenseFact(broken)).toThrow(`the ${name} of a license pool's event cannot be read`);
});

it('refuses a body that is no object, and a time that is none', () => {
  expect(() => readPoolEvent({ ...licenseEvent('sub_1', 1, 1), content: () => [] })).toThrow('is not an object');
  expect(() => readPoolEvent(licenseEvent('sub_1', 1, 1, { occurredAt: 'yesterday' }))).toThrow('the time');
});
