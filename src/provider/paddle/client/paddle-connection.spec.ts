import { inspect } from 'node:util';
import { API_KEY, closeTestClients, testClient, type TestClientOptions } from '../../../../test/support/paddle/client';
import { json, refusal, reset, ScriptedServer, silence, text } from '../../../../test/support/scripted-server';
import { OPERATIONS } from './operations';

const READ = { operation: OPERATIONS.getSubscription, id: 'sub_1' };
const CHANGE = { operation: OPERATIONS.cancelSubscription, id: 'sub_1', body: {} };
const USER = { priority: 'user', correlationId: 'request-7' } as const;
const GOOD = json(200, { data: { secret: 'of the body' } }, { 'request-id': 'request-1' });

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.start();
});
afterEach(async () => {
  await closeTestClients();
  await server.close();
});

const clientOf = (options: TestClientOptions = {}) => testClient(server.url, options);

it('tells the log of every request, without what is in it', async () => {
  server.script(refusal(500, 'internal_error', { 'request-id': 'request-0' }), GOOD, reset);
  const { client, logged } = clientOf();
  await client.call({ ...READ, query: new URLSearchParams({ include: 'next_transaction' }) }, USER);
  await client.call(CHANGE, USER).catch(() => undefined);
  const lines = logged.map((line) => ({ ...line, time: typeof line.time, ms: typeof line.ms }));
  const asked = {
    level: 20,
    time: 'number',
    ms: 'number',
    msg: 'a call to Paddle',
    environment: 'sandbox',
    correlationId: 'request-7',
  };
  const read = { ...asked, operation: 'subscription.get', method: 'GET', path: '/subscriptions/{id}' };
  expect(lines).toEqual([
    { ...read, status: 500, requestId: 'request-0' },
    { ...read, status: 200, requestId: 'request-1' },
    { ...asked, operation: 'subscription.cancel', method: 'POST', path: '/subscriptions/{id}/cancel', failure: 'unreachable' },
  ]);
});

it('counts requests by operation and status, what they took, and what was sent again', async () => {
  server.script(refusal(500, 'internal_error'), GOOD, refusal(409, 'conflict'), reset);
  const { client, metrics } = clientOf();
  await client.call(READ, USER);
  for (let count = 0; count < 2; count += 1) await client.call(CHANGE, USER).catch(() => undefined);
  const lines = (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('oarlock_provider'));
  expect(lines.filter((line) => !line.includes('_seconds_'))).toEqual([
    'oarlock_provider_calls_total{environment="sandbox",operation="subscription.get",status="5xx"} 1',
    'oarlock_provider_calls_total{environment="sandbox",operation="subscription.get",status="2xx"} 1',
    'oarlock_provider_calls_total{environment="sandbox",operation="subscription.cancel",status="4xx"} 1',
    'oarlock_provider_calls_total{environment="sandbox",operation="subscription.cancel",status="unreachable"} 1',
    'oarlock_provider_retries_total{environment="sandbox",operation="subscription.get"} 1',
    'oarlock_provider_limiter_waiting{environment="sandbox",priority="user"} 0',
    'oarlock_provider_circuit_state{environment="sandbox"} 0',
  ]);
  expect(lines).toContain('oarlock_provider_call_seconds_count{environment="sandbox",operation="subscription.get"} 2');
});

it('counts who waits for a turn', async () => {
  server.always(GOOD);
  const { client, metrics } = clientOf({ account: { requestsPerMinute: 1 } });
  await client.call(READ, USER);
  const controller = new AbortController();
  const waiting = client.call(READ, { priority: 'background', signal: controller.signal }).catch(() => undefined);
  expect(await metrics.registry.metrics()).toContain(
    'oarlock_provider_limiter_waiting{environment="sandbox",priority="background"} 1',
  );
  controller.abort();
  await waiting;
});

/** Whatever goes wrong, also while Paddle tells the key back: it is in no error, no log line, and no printed client. */
describe.each<[string, Parameters<ScriptedServer['always']>[0]]>([
  [
    'a refusal that repeats it',
    json(403, {
      error: {
        code: 'invalid_token',
        detail: `${API_KEY} is not good`,
        errors: [{ field: API_KEY, message: `Bearer ${API_KEY}` }],
      },
    }),
  ],
  ['an HTML page that repeats it', text(502, `<h1>${API_KEY}</h1>`)],
  ['a success that is none', text(200, API_KEY)],
  ['a redirect', text(302, '', { location: `https://example.com/${API_KEY}` })],
  ['a broken connection', reset],
  ['a time-out', silence],
])('the key, after %s', (_, fault) => {
  it('stays secret', async () => {
    server.always(fault);
    const { client, logged } = clientOf({ settings: { ordinary: { headersMs: 30, totalMs: 30 } } });
    const call = client.call(CHANGE, USER);
    const whileInFlight = inspect(client, { depth: 20, showHidden: true });
    const error: unknown = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    const seen = [inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error), JSON.stringify(logged), whileInFlight];
    expect(seen.join('\n')).not.toContain(API_KEY.slice(0, 30));
    expect(seen.join('\n')).not.toMatch(/Bearer pdl/);
  });
});

it('stays secret where somebody prints or serialises the client', () => {
  const { client } = clientOf();
  expect(inspect(client)).toBe(`PaddleClient(sandbox, ${server.url})`);
  expect(inspect(client.connection)).toBe(`PaddleConnection(sandbox, ${server.url})`);
  expect(inspect(client, { depth: 20, showHidden: true, customInspect: false })).not.toContain(API_KEY);
  const circular = new WeakSet<object>();
  const once = (_: string, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if (circular.has(value)) return undefined;
    circular.add(value);
    return value;
  };
  expect(JSON.stringify(client, once)).not.toContain(API_KEY);
});
