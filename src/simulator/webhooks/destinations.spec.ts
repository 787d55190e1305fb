import { DAY } from '../world/time';
import type { DestinationInput } from './destination';
import { Destinations } from './destinations';
import { EVENT_TYPES } from './event-types';
import { Notifications } from './notifications';

const NOW = Date.UTC(2026, 0, 10) * 1_000;
const INPUT: DestinationInput = {
  description: 'Our app',
  type: 'url',
  destination: 'https://app.example.com/paddle',
  subscribed_events: ['transaction.completed', 'customer.created'],
};

const destinationsOf = (seed = 'seed') => new Destinations(seed, new Notifications(seed));

it('knows 56 event types, each once', () => {
  expect(EVENT_TYPES).toHaveLength(56);
  expect(new Set(EVENT_TYPES.map(({ name }) => name)).size).toBe(56);
  expect(EVENT_TYPES.find(({ name }) => name === 'payment_method.saved')).toEqual({
    name: 'payment_method.saved',
    description: 'Occurs when a payment method is saved.',
    group: 'Payment Method',
    available_versions: [1],
  });
});

it('shows what it made as Paddle does', () => {
  const made = destinationsOf().create(INPUT, NOW);
  expect(made).toEqual({
    id: expect.stringMatching(/^ntfset_[a-z\d]{26}$/),
    description: 'Our app',
    type: 'url',
    destination: 'https://app.example.com/paddle',
    active: true,
    api_version: 1,
    include_sensitive_fields: false,
    subscribed_events: INPUT.subscribed_events.map((wanted) => EVENT_TYPES.find(({ name }) => name === wanted)),
    endpoint_secret_key: expect.stringMatching(/^pdl_ntfset_[a-z\d]{26}_[a-z\d]{32}$/),
    traffic_source: 'platform',
  });
});

it('gives the same ids and secrets for a seed, others for another, and takes a secret that is given', () => {
  const [one, two] = [destinationsOf(), destinationsOf()];
  expect(one.create(INPUT, NOW)).toEqual(two.create(INPUT, NOW));
  expect(one.create(INPUT, NOW).endpoint_secret_key).not.toBe(two.list()[0]!.endpoint_secret_key);
  expect(destinationsOf('other').create(INPUT, NOW).id).not.toBe(two.list()[0]!.id);
  expect(one.create({ ...INPUT, endpoint_secret_key: 'pdl_ntfset_given' }, NOW).endpoint_secret_key).toBe('pdl_ntfset_given');
});

it('shows every event type of one that is subscribed to all', () => {
  const made = destinationsOf().create({ ...INPUT, subscribed_events: ['*'] }, NOW);
  expect(made.subscribed_events).toEqual(EVENT_TYPES);
});

it('lists, gets, updates and deletes', () => {
  const destinations = destinationsOf();
  const first = destinations.create(INPUT, NOW);
  const second = destinations.create({ ...INPUT, description: 'Another' }, NOW + DAY);
  expect(destinations.list()).toEqual([first, second]);
  const changed = destinations.update(first.id, { active: false, subscribed_events: ['*'] });
  expect(changed).toEqual({ ...first, active: false, subscribed_events: EVENT_TYPES });
  expect(destinations.get(first.id)).toEqual(changed);
  destinations.delete(first.id);
  expect(destinations.list()).toEqual([second]);
});

it('keeps what it shows from being changed from outside', () => {
  const destinations = destinationsOf();
  const made = destinations.create({ ...INPUT, subscribed_events: ['*'] }, NOW);
  made.subscribed_events.pop();
  expect(destinations.get(made.id).subscribed_events).toHaveLength(56);
});

it('refuses an eleventh that is active', () => {
  const destinations = destinationsOf();
  const ten = Array.from({ length: 10 }, () => destinations.create(INPUT, NOW));
  const full = expect.objectContaining({ code: 'notification_maximum_active_settings_reached' });
  expect(() => destinations.create(INPUT, NOW)).toThrow(full);
  const idle = destinations.create({ ...INPUT, active: false }, NOW);
  expect(() => destinations.update(idle.id, { active: true })).toThrow(full);
  destinations.update(ten[0]!.id, { description: 'renamed' });
  destinations.update(ten[0]!.id, { active: false });
  expect(destinations.update(idle.id, { active: true }).active).toBe(true);
});

it('does not know an id that is not there', () => {
  const destinations = destinationsOf();
  const unknown = expect.objectContaining({ code: 'not_found' });
  expect(() => destinations.get('ntfset_x')).toThrow(unknown);
  expect(() => destinations.update('ntfset_x', {})).toThrow(unknown);
  expect(() => destinations.delete('ntfset_x')).toThrow(unknown);
});

it.each([
  ['description', { description: '' }],
  ['type', { type: 'fax' as 'url' }],
  ['destination', { destination: 'ftp://example.com' }],
  ['destination', { type: 'email' as const, destination: 'not an address' }],
  ['api_version', { api_version: 2 }],
  ['traffic_source', { traffic_source: 'some' as 'all' }],
  ['subscribed_events', { subscribed_events: [] }],
  ['subscribed_events', { subscribed_events: ['customer.deleted'] }],
])('refuses a wrong %s: %j', (field, change) => {
  const destinations = destinationsOf();
  const refusal = expect.objectContaining({
    code: 'invalid_field',
    fields: [{ field, message: expect.any(String) as string }],
  });
  expect(() => destinations.create({ ...INPUT, ...change }, NOW)).toThrow(refusal);
  expect(destinations.list()).toEqual([]);
});
