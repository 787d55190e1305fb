import { readEnvelope } from './envelope';

const EVENT = {
  event_id: 'evt_01hv8x2acma2gz7he8kg2s0hna',
  event_type: 'subscription.created',
  occurred_at: '2024-04-12T10:18:49.621022Z',
  notification_id: 'ntf_01hv8x2af22vrrz7k67g06x1kq',
  data: { id: 'sub_1', customer_id: 'ctm_1', custom_data: { user_id: 'user_1' } },
};

const read = (event: unknown, userIdKey = 'user_id') => readEnvelope(Buffer.from(JSON.stringify(event)), userIdKey);
const claimed = (custom_data: unknown) =>
  (read({ ...EVENT, data: { ...EVENT.data, custom_data } }) as { claimedUserId: string | null }).claimedUserId;

it('reads what the ledger files an event by', () => {
  expect(read(EVENT)).toEqual({
    eventId: 'evt_01hv8x2acma2gz7he8kg2s0hna',
    eventType: 'subscription.created',
    occurredAt: '2024-04-12T10:18:49.621022Z',
    streamId: 'paddle:sub_1',
    customerId: 'ctm_1',
    claimedUserId: 'user_1',
    content: EVENT,
  });
});

it("takes a customer's own event as that customer's", () => {
  expect(read({ ...EVENT, event_type: 'customer.updated', data: { id: 'ctm_9' } })).toMatchObject({
    streamId: 'paddle:ctm_9',
    customerId: 'ctm_9',
  });
});

it('takes a type, fields and an entity without id that nobody knows yet', () => {
  const event = { ...EVENT, event_type: 'rowing.started', data: { speed: 3 }, extra: true };
  expect(read(event)).toMatchObject({
    eventType: 'rowing.started',
    streamId: `paddle:${EVENT.event_id}`,
    customerId: null,
    claimedUserId: null,
  });
});

it('does without a notification id, which the event list of the API leaves out', () => {
  expect(read({ ...EVENT, notification_id: undefined })).toHaveProperty('eventId');
});

it.each([
  ['no JSON', '{"event_id":'],
  ['nothing', ''],
  ['a JSON text', '"hello"'],
  ['a list', '[]'],
  ['null', 'null'],
  ['no data', JSON.stringify({ ...EVENT, data: null })],
  ['data that is a list', JSON.stringify({ ...EVENT, data: [] })],
  ['no event id', JSON.stringify({ ...EVENT, event_id: undefined })],
  ['an event id that is no text', JSON.stringify({ ...EVENT, event_id: 7 })],
  ['an event id with a NUL', JSON.stringify({ ...EVENT, event_id: 'evt_\u0000' })],
  ['an endless event id', JSON.stringify({ ...EVENT, event_id: 'e'.repeat(129) })],
  ['no event type', JSON.stringify({ ...EVENT, event_type: '' })],
  ['no time', JSON.stringify({ ...EVENT, occurred_at: undefined })],
  ['a time that is none', JSON.stringify({ ...EVENT, occurred_at: '2024-02-30T00:00:00Z' })],
])('says what is wrong with %s', (_, text) =>
  expect(readEnvelope(Buffer.from(text), 'user_id')).toEqual({ malformed: expect.any(String) }),
);

it('says that bytes are no UTF-8', () => {
  const bytes = Buffer.from(JSON.stringify(EVENT).replace('user_1', 'user_?'));
  bytes[bytes.indexOf('?')] = 0xff;
  expect(readEnvelope(bytes, 'user_id')).toEqual({ malformed: 'the body is not valid UTF-8' });
});

describe('the user that a checkout claims', () => {
  it('is a text, or a number as text', () => {
    expect(claimed({ user_id: 'auth0|42' })).toBe('auth0|42');
    expect(claimed({ user_id: 42 })).toBe('42');
  });

  it.each([
    [null],
    [{}],
    [{ user_id: '' }],
    [{ user_id: null }],
    [{ user_id: {} }],
    [{ user_id: 1.5 }],
    [{ user_id: 'a\u0000b' }],
    [{ user_id: '\ud800' }],
    [{ user_id: 'x'.repeat(256) }],
    ['user_1'],
    [['user_1']],
  ])('is nobody in %j', (custom) => expect(claimed(custom)).toBeNull());

  it('is read from the configured field', () => {
    const data = { ...EVENT.data, custom_data: { user_id: 'a', org: 'b' } };
    expect(read({ ...EVENT, data }, 'org')).toMatchObject({ claimedUserId: 'b' });
  });

  it('is not found in what every object inherits', () => {
    expect(read({ ...EVENT, data: { ...EVENT.data, custom_data: {} } }, 'constructor')).toMatchObject({ claimedUserId: null });
  });
});
