import request from 'supertest';
import { Story } from '../support/paddle/story';
import { SOLO_MONTHLY } from '../support/paddle/catalog';
import { json, refusal, ScriptedServer, type Step } from '../support/scripted-server';
import { API_KEY } from '../support/shop';
import { TestApp } from '../support/test-app';

let app: TestApp;
let paddle: ScriptedServer;
let transactionId: string;

beforeAll(async () => {
  paddle = await ScriptedServer.start();
  app = await TestApp.start({ settings: { PADDLE_SANDBOX_API_KEY: API_KEY, PADDLE_SANDBOX_API_URL: paddle.url } });
  const story = new Story({ label: 'robin', userId: 'user_1', startAt: '2026-01-10T09:30:00.000Z' });
  const events = story.signup([{ price: SOLO_MONTHLY, quantity: 1 }]).take();
  transactionId = events.find(({ event_type }) => event_type === 'transaction.completed')!.data.id as string;
  await app.play(events);
});
afterAll(async () => {
  await TestApp.closeAll();
  await paddle.close();
});

/** What the user gets when Paddle answers so. */
async function invoiceWhen(step: Step): Promise<request.Response> {
  paddle.script(step);
  return request(app.url)
    .get(`/billing/invoice?transactionId=${transactionId}&disposition=inline`)
    .redirects(0)
    .set({ authorization: `Bearer ${await app.token('user_1')}`, 'x-request-id': 'asked-by-user-1' });
}

it('asks Paddle for this transaction, in the way that is wanted, and leads to what it says', async () => {
  const url = 'https://invoices.example.com/a%20b.pdf?X-Signature=a%2Fb&x=1';
  const { status, headers } = await invoiceWhen(json(200, { data: { url }, meta: { request_id: 'r' } }));
  expect([status, headers.location]).toEqual([302, url]);
  const asked = paddle.requests.at(-1)!;
  expect(asked).toMatchObject({ method: 'GET', path: `/transactions/${transactionId}/invoice?disposition=inline` });
  expect(asked.headers['x-transaction-id']).toBe('asked-by-user-1');
});

it.each(['transaction_invoice_not_ready', 'transaction_invoice_not_available', 'not_found'])(
  'says that there is none when Paddle says %s, in its words too',
  async (code) => {
    const { body } = await invoiceWhen(refusal(code === 'not_found' ? 404 : 400, code));
    expect(body).toMatchObject({
      status: 409,
      code: 'invoice_not_available',
      provider: { code, detail: `Because of ${code}.`, requestId: `request-of-${code}` },
    });
  },
);

it.each([
  [403, 'forbidden'],
  [400, 'a_new_reason'],
])('passes on any other refusal: %d %s', async (status, code) => {
  const { body } = await invoiceWhen(refusal(status, code));
  expect(body).toMatchObject({
    status: 502,
    code: 'provider_error',
    provider: { status, code, detail: `Because of ${code}.`, requestId: `request-of-${code}` },
  });
});

it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '//evil.example.com', '/invoices/1', 'no address', ''])(
  'sends nobody to %j',
  async (url) => {
    const { body, headers } = await invoiceWhen(json(200, { data: { url }, meta: { request_id: 'r-1' } }));
    expect(body).toMatchObject({ status: 502, code: 'provider_error', provider: { requestId: 'r-1' } });
    expect(headers.location).toBeUndefined();
  },
);

it('says when this installation has no key to ask with', async () => {
  const reading = await TestApp.start({ database: app.database });
  const { body } = await reading.get(`/billing/invoice?transactionId=${transactionId}`);
  expect(body).toMatchObject({ status: 503, code: 'provider_unavailable' });
  await reading.close();
});
