import { createHash } from 'node:crypto';
import { signatureHeader, verifySignature } from '../../src/provider/paddle';
import { EVENT_TYPES } from '../support/paddle/event-types';
import { LIVE_SECRET, SANDBOX_SECRET, TestApp, type SendOptions } from '../support/test-app';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => TestApp.closeAll());

const EVENT = {
  event_id: 'evt_01hv8x2acma2gz7he8kg2s0hna',
  event_type: 'subscription.created',
  occurred_at: '2024-04-12T10:18:49.621022Z',
  notification_id: 'ntf_01hv8x2af22vrrz7k67g06x1kq',
  data: { id: 'sub_01hv8x29kz0t586xy6zn1a62ny', status: 'active' },
};
const another = (n: number) => ({ ...EVENT, event_id: `${EVENT.event_id}${n}` });

async function ledgerSize(environment = 'sandbox'): Promise<number> {
  let size = 0;
  for (let after = ''; ;) {
    const { body } = await app.get(`/ledger/events?limit=200&environment=${environment}${after}`, 'eve', ['auditor']);
    size += body.data.length;
    if (!body.nextCursor) return size;
    after = `&after=${body.nextCursor}`;
  }
}

describe('a signed webhook', () => {
  it('is in the ledger when 200 is answered, and a second delivery adds nothing', async () => {
    const before = await ledgerSize();
    const first = await app.send(EVENT).expect(200);
    expect(first.body).toEqual({ eventId: EVENT.event_id, status: 'appended', ref: `1-${before + 1}`, position: before + 1 });
    expect(await ledgerSize()).toBe(before + 1);
    const replay = { ...EVENT, notification_id: 'ntf_01hv8x2af22vrrz7k67g06x2zz' };
    for (const body of [EVENT, replay]) {
      const again = await app.send(body).expect(200);
      expect(again.body).toEqual({ ...first.body, status: 'duplicate' });
    }
    expect(await ledgerSize()).toBe(before + 1);
  });

  it('comes back byte for byte, and its signature verifies again from what is stored', async () => {
    const text = `{ "notification_id":"ntf_1",\n\t"event_id": "evt_bytes", "event_type":"customer.updated","occurred_at":"2026-01-01T00:00:00.000001+02:00",\r\n"data":{"id":"ctm_1","name":"Zoë 🚣","n":1.0,"n":1e2, "name":"twice"}} `;
    const sentAt = app.clock.nowSeconds();
    const { body: receipt } = await app.send(text).expect(200);
    const { body } = await app.get(`/ledger/events/${receipt.ref}`, 'eve', ['auditor']);
    expect(body).toMatchObject({
      ref: receipt.ref,
      body: text,
      eventId: 'evt_bytes',
      type: 'customer.updated',
      streamId: 'paddle:ctm_1',
      occurredAt: '2026-01-01T00:00:00.000001+02:00',
      customerId: 'ctm_1',
      source: 'webhook',
      digest: createHash('sha256').update(text).digest('hex'),
    });
    const check = { body: Buffer.from(body.body), header: body.headers['paddle-signature'], secrets: [SANDBOX_SECRET] };
    expect(verifySignature({ ...check, keyOf: (key) => key, now: sentAt, toleranceSeconds: 1 })).toEqual({
      secret: SANDBOX_SECRET,
    });
  });

  it('belongs to the environment whose secret verifies', async () => {
    await app.send(EVENT, { secret: LIVE_SECRET }).expect(200);
    expect(await ledgerSize('live')).toBe(1);
    await app.send(another(1), { secret: LIVE_SECRET, path: '/paddle/live/webhook' }).expect(200);
    expect(await ledgerSize('live')).toBe(2);
    await app.send(another(2), { secret: LIVE_SECRET, path: '/paddle/sandbox/webhook' }).expect(401);
    await app.send(another(2), { path: '/paddle/live/webhook' }).expect(401);
    await app.send(another(2), { path: '/paddle/moon/webhook' }).expect(404);
  });

  it('of each of the 56 types is taken, and of types that nobody knows', async () => {
    expect(EVENT_TYPES).toHaveLength(56);
    for (const type of [...EVENT_TYPES, 'regatta.won', 'invoice.paid']) {
      const data = {
        id: `x_${type}`,
        status: 'hibernating',
        custom_data: { user_id: { nested: true } },
        items: 'none',
        mood: 'unheard of',
      };
      const { body } = await app.send({ ...EVENT, event_id: `evt_of_${type}`, event_type: type, data }).expect(200);
      expect(body).toMatchObject({ status: 'appended' });
    }
    await app.caughtUp();
  });
});

describe('a webhook that is not good', () => {
  const bytesOf = (body: unknown) => Buffer.from(JSON.stringify(body));
  let sizeBefore: number;
  beforeEach(async () => (sizeBefore = await ledgerSize()));
  afterEach(async () => {
    if ((await ledgerSize()) !== sizeBefore) throw new Error('it is in the ledger');
  });

  const now = () => app.clock.nowSeconds();
  const signed = (body: Buffer, secret = SANDBOX_SECRET, at = now()) => signatureHeader(body, secret, at);
  const NEW = another(999);

  it.each<[string, () => string | null]>([
    ['no signature', () => null],
    ['an empty signature', () => ''],
    ['nonsense for a signature', () => 'ts=1;h1=zz'],
    ['the signature of another secret', () => signed(bytesOf(NEW), 'pdl_ntfset_somebody_else')],
    ['the signature of another body', () => signed(bytesOf(EVENT))],
    ['a signature that is too old', () => signed(bytesOf(NEW), SANDBOX_SECRET, now() - 301)],
    ['a signature from the future', () => signed(bytesOf(NEW), SANDBOX_SECRET, now() + 301)],
    ['only an h2', () => signed(bytesOf(NEW)).replace('h1=', 'h2=')],
  ])('with %s: 401, and nothing is kept', async (_, signature) => {
    const { body, headers } = await app.send(NEW, { signature: signature() }).expect(401);
    expect(headers['content-type']).toMatch('application/problem+json');
    expect(body).toMatchObject({ status: 401, code: 'invalid_signature', type: '/problems/invalid-signature' });
    expect(JSON.stringify(body)).not.toMatch(/secret_of_the_tests|[0-9a-f]{64}/);
  });

  it.each([
    ['not JSON', Buffer.from('{"event_id"')],
    ['empty', Buffer.alloc(0)],
    ['no envelope', bytesOf({ hello: 'world' })],
    ['without a time', bytesOf({ ...NEW, occurred_at: 'now' })],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ])('signed but %s: 400, kept apart for inspection', async (_, bytes) => {
    const { body } = await app.send(bytes).expect(400);
    expect(body).toMatchObject({ status: 400, code: 'malformed_webhook' });
    await app.send(bytes).expect(400);
    const { body: quarantine } = await app.get('/ledger/quarantine', 'eve', ['auditor']);
    expect(quarantine.data[0]).toMatchObject({
      digest: createHash('sha256').update(bytes).digest('hex'),
      environment: 'sandbox',
      bodyBase64: bytes.toString('base64'),
      deliveries: 2,
      headers: { 'paddle-signature': expect.stringMatching(/^ts=\d+;h1=/) },
    });
  });

  it('unsigned garbage: 401, not kept', async () => {
    const before = (await app.get('/ledger/quarantine', 'eve', ['auditor'])).body.data.length;
    await app.send(Buffer.from('garbage of the unsigned'), { signature: null }).expect(401);
    expect((await app.get('/ledger/quarantine', 'eve', ['auditor'])).body.data).toHaveLength(before);
  });

  it('larger than the limit: 413', async () => {
    const { body } = await app.send(bytesOf({ ...NEW, padding: 'x'.repeat(2 * 1024 * 1024) })).expect(413);
    expect(body).toMatchObject({ code: 'payload_too_large' });
  });
});

describe('a webhook that is odd, but good', () => {
  it.each<[string, number, SendOptions]>([
    ['two h1 of which the first is right', 1, {}],
    ['another content type', 2, { headers: { 'content-type': 'text/plain' } }],
    ['a form content type', 3, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['a content type that makes no sense', 4, { headers: { 'content-type': 'nonsense' } }],
  ])('with %s is taken', async (_, n, options) => {
    const event = another(7000 + n);
    const good = signatureHeader(Buffer.from(JSON.stringify(event)), SANDBOX_SECRET, app.clock.nowSeconds());
    await app.send(event, { ...options, signature: `${good};h1=${'0'.repeat(64)};h2=later` }).expect(200);
  });

  it('is taken with either secret during a rotation', async () => {
    const rotating = await TestApp.start({
      settings: { PADDLE_SANDBOX_WEBHOOK_SECRET: `${SANDBOX_SECRET},pdl_ntfset_the_new_one_of_two` },
    });
    await rotating.send(another(1)).expect(200);
    await rotating.send(another(2), { secret: 'pdl_ntfset_the_new_one_of_two' }).expect(200);
    await rotating.send(another(3), { secret: 'pdl_ntfset_none_of_the_two' }).expect(401);
  });

  it('with texts that PostgreSQL cannot store leaves the read models working', async () => {
    const data = { id: 'ctm_odd', name: 'a\u0000b', email: 'half \ud800', custom_data: { user_id: 'user_odd' } };
    await app.send({ ...EVENT, event_id: 'evt_odd', event_type: 'customer.updated', data }).expect(200);
    await app.caughtUp();
  });
});

it('takes the request id of the caller, or makes one, and keeps it with the event', async () => {
  const sent = await app.send(another(42), { headers: { 'x-request-id': 'my-trace.1' } }).expect(200);
  expect(sent.headers['x-request-id']).toBe('my-trace.1');
  const { body } = await app.get(`/ledger/events/${sent.body.ref}`, 'eve', ['admin']);
  expect(body.requestId).toBe('my-trace.1');
  const odd = await app.send(another(43), { headers: { 'x-request-id': 'no spaces, please' } }).expect(200);
  expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});
