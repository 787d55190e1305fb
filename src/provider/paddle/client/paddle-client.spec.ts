import { createServer, type AddressInfo, type Socket } from 'node:net';
import { FakeTimers } from '../../../../test/support/fake-timers';
import { API_KEY, closeTestClients, testClient, type TestClientOptions } from '../../../../test/support/paddle/client';
import { until } from '../../../../test/support/until';
import { json, refusal, reset, ScriptedServer, silence, text, type Step } from '../../../../test/support/scripted-server';
import type { CallOptions } from '../../provider-answer';
import { ProviderError } from '../../provider-error';
import { CLIENT_SETTINGS } from './client-settings';
import { OPERATIONS } from './operations';
import { systemTimers, type Timers } from './timers';

const READ = { operation: OPERATIONS.getSubscription, id: 'sub_1' };
const CHANGE = { operation: OPERATIONS.cancelSubscription, id: 'sub_1', body: { effective_from: 'immediately' } };
const USER: CallOptions = { priority: 'user' };
const BACKGROUND: CallOptions = { priority: 'background' };
const GOOD = json(200, { data: { id: 'sub_1' }, meta: { request_id: 'request-1' } });
const QUICK = { ordinary: { headersMs: 150, totalMs: 200 } };

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.start();
});
afterEach(async () => {
  await closeTestClients();
  await server.close();
});

const clientOf = (options: TestClientOptions = {}) => testClient(server.url, options);

async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

describe('an answer', () => {
  it('keeps the exact bytes, the status, the id of the request and when it was sent', async () => {
    const body = '{ "data": {"id":"sub_1", "n": 1.50, "é": "\\u00e9"},\n "meta": {"request_id": "request-1"} }';
    server.script(text(200, body, { 'content-type': 'application/json', date: 'Sat, 10 Jan 2026 09:00:07 GMT' }));
    const answer = await clientOf().client.call(READ, USER);
    expect(answer.body.toString()).toBe(body);
    expect(answer).toMatchObject({ status: 200, requestId: 'request-1', sentAt: '2026-01-10T09:00:07.000000Z' });
  });

  it('is asked for with the key, the version of the API and the id of the conversation', async () => {
    server.script(GOOD, GOOD);
    const { client } = clientOf();
    await client.call(READ, { priority: 'user', correlationId: 'request-of-the-user' });
    await client.call(CHANGE, USER);
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/subscriptions/sub_1', body: '' });
    expect(server.requests[0]!.headers).toMatchObject({
      authorization: `Bearer ${API_KEY}`,
      'paddle-version': '1',
      'x-transaction-id': 'request-of-the-user',
    });
    expect(server.requests[0]!.headers).not.toHaveProperty('content-type');
    expect(server.requests[1]).toMatchObject({
      method: 'POST',
      path: '/subscriptions/sub_1/cancel',
      body: '{"effective_from":"immediately"}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('carries no id of a conversation that could not stand in a header', async () => {
    server.script(GOOD);
    await clientOf().client.call(READ, { priority: 'user', correlationId: 'a\r\nb: c' });
    expect(server.requests[0]!.headers).not.toHaveProperty('x-transaction-id');
  });
});

describe('a refusal', () => {
  it('says why, in our words and in those of Paddle', async () => {
    const errors = [{ field: 'effective_from', message: 'is not good' }];
    server.script(refusal(400, 'subscription_locked_pending_changes', {}, { errors }));
    expect(await failureOf(clientOf().client.call(CHANGE, USER))).toMatchObject({
      code: 'provider_error',
      failure: 'refused',
      refusal: 'scheduled_change_pending',
      outcome: 'not_done',
      status: 400,
      providerCode: 'subscription_locked_pending_changes',
      providerDetail: 'Because of subscription_locked_pending_changes.',
      requestId: 'request-of-subscription_locked_pending_changes',
      retryAfterSeconds: null,
      fieldErrors: errors,
      message: 'The billing provider refused: Because of subscription_locked_pending_changes.',
      extensions: { provider: { code: 'subscription_locked_pending_changes', status: 400 } },
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [409, 'subscription_locked_renewal', 'renewal_under_way'],
    [409, 'concurrent_modification', 'changed_meanwhile'],
    [404, 'not_found', 'not_found'],
    [403, 'forbidden', 'permission_missing'],
    [400, 'subscription_payment_declined', 'payment_declined'],
    [400, 'a_code_that_is_new', 'other'],
  ])('is not asked again: %s %s', async (status, code, why) => {
    server.script(refusal(status, code));
    expect(await failureOf(clientOf().client.call(READ, USER))).toMatchObject({ failure: 'refused', status, refusal: why });
    expect(server.requests).toHaveLength(1);
  });

  it('is one where a page in front of Paddle refuses', async () => {
    server.script(text(404, '<h1>Nothing here</h1>'));
    expect(await failureOf(clientOf().client.call(READ, USER))).toMatchObject({
      failure: 'refused',
      refusal: 'other',
      status: 404,
    });
  });
});

describe('a rate limit', () => {
  it.each([
    ['seconds', '7'],
    ['a date', 'Sat, 10 Jan 2026 09:00:07 GMT'],
  ])('is waited for as long as Paddle asks, in %s, also by a change', async (_, retryAfter) => {
    const timers = new FakeTimers();
    const date = 'Sat, 10 Jan 2026 09:00:00 GMT';
    server.script(refusal(429, 'too_many_requests', { 'retry-after': retryAfter, date }), GOOD);
    const call = clientOf({ tools: { timers } }).client.call(CHANGE, USER);
    await timers.waitingFor(7_000.5);
    expect(server.requests).toHaveLength(1);
    timers.advance(7_001);
    await expect(call).resolves.toMatchObject({ status: 200 });
    expect(server.requests).toHaveLength(2);
  });

  it('stops all other calls too, and tells a user who cannot wait', async () => {
    server.script(refusal(429, 'too_many_requests', { 'retry-after': '30' }));
    const { client } = clientOf({ tools: { timers: new FakeTimers() } });
    const expected = { code: 'provider_unavailable', failure: 'rate_limited', outcome: 'not_done', retryAfterSeconds: 30 };
    expect(await failureOf(client.call(READ, USER))).toMatchObject({ ...expected, status: 429 });
    expect(await failureOf(client.call(READ, USER))).toMatchObject({ ...expected, status: null });
    expect(server.requests).toHaveLength(1);
  });

  it('of one subscription is an answer, and stops nobody', async () => {
    server.script(refusal(429, 'subscription_immediate_charge_hour_limit_exceeded', { 'retry-after': '1800' }), GOOD);
    const { client } = clientOf({ tools: { timers: new FakeTimers() } });
    expect(await failureOf(client.call(CHANGE, USER))).toMatchObject({
      failure: 'refused',
      refusal: 'charge_limit_reached',
      retryAfterSeconds: 1800,
    });
    await client.call(READ, USER);
  });

  it('does not go on for ever', async () => {
    server.always(refusal(429, 'too_many_requests'));
    expect(await failureOf(clientOf().client.call(CHANGE, USER))).toMatchObject({ failure: 'rate_limited', outcome: 'not_done' });
    expect(server.requests).toHaveLength(3);
  });
});

/** Faults that pass: what they look like, and how the error calls them. */
const FAULTS: [string, Step, Partial<ProviderError>][] = [
  ['a server error', refusal(500, 'internal_error'), { failure: 'failed', status: 500, providerCode: 'internal_error' }],
  ['an HTML page of a proxy', text(502, '<h1>Bad gateway</h1>'), { failure: 'failed', status: 502, providerCode: null }],
  ['an answer that is no JSON', text(200, '<h1>Welcome</h1>'), { failure: 'unreadable', status: 200 }],
  ['an answer without data', json(200, { meta: {} }), { failure: 'unreadable', status: 200 }],
  ['a broken connection', reset, { failure: 'unreachable', status: null }],
  ['no answer in time', silence, { failure: 'timed_out', status: null }],
  ['half an answer', (response) => response.writeHead(200).write('{"data":'), { failure: 'timed_out', status: null }],
];

describe.each(FAULTS)('%s', (_, fault, expected) => {
  it('is overcome by asking again, where nothing is changed', async () => {
    server.script(fault, fault, GOOD);
    await clientOf({ settings: QUICK }).client.call(READ, USER);
    expect(server.requests).toHaveLength(3);
  });

  it('is told after some attempts', async () => {
    server.always(fault);
    const error = await failureOf(clientOf({ settings: QUICK }).client.call(READ, USER));
    expect(error).toMatchObject({ ...expected, outcome: 'not_done' });
    expect(server.requests).toHaveLength(3);
  });

  it('leaves unknown whether a change was made, which is not asked for again', async () => {
    server.always(fault);
    const error = await failureOf(clientOf({ settings: QUICK }).client.call(CHANGE, USER));
    expect(error).toMatchObject({ ...expected, outcome: 'unknown' });
    expect(error.message).toMatch(/The change may have been made\.$/);
    expect(server.requests).toHaveLength(1);
  });
});

describe('a connection', () => {
  it('that is refused has changed nothing', async () => {
    const { url } = server;
    await server.close();
    const client = testClient(url).client;
    expect(await failureOf(client.call(CHANGE, USER))).toMatchObject({
      code: 'provider_unavailable',
      failure: 'unreachable',
      outcome: 'not_done',
    });
    server = await ScriptedServer.start();
  });

  it('that is not made in time has changed nothing', async () => {
    const mute = createServer(); // takes connections, and never answers the greeting of TLS
    const sockets: Socket[] = [];
    mute.on('connection', (socket) => void sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const timers = new FakeTimers();
    const failure = failureOf(testClient(url, { tools: { timers } }).client.call(CHANGE, USER));
    await timers.waitingFor(CLIENT_SETTINGS.connectMs);
    timers.advance(CLIENT_SETTINGS.connectMs);
    expect(await failure).toMatchObject({ failure: 'timed_out', outcome: 'not_done' });
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => mute.close(resolve));
  });

  it('is given time where Paddle tries a payment', async () => {
    const late: Step = (response, request) => void setTimeout(() => GOOD(response, request), 300);
    server.script(late);
    const request = { operation: OPERATIONS.activateSubscription, id: 'sub_1' };
    await clientOf({ settings: QUICK }).client.call(request, USER);
    expect(server.requests[0]).toMatchObject({ path: '/subscriptions/sub_1/activate', body: '' });
  });

  it('follows no redirect: the key would go along', async () => {
    const elsewhere = await ScriptedServer.start();
    server.always(text(307, '', { location: `${elsewhere.url}/subscriptions/sub_1` }));
    const { client } = clientOf();
    expect(await failureOf(client.call(READ, USER))).toMatchObject({ failure: 'unreadable', status: 307, outcome: 'not_done' });
    expect(await failureOf(client.call(CHANGE, USER))).toMatchObject({ failure: 'unreadable', outcome: 'unknown' });
    expect([server.requests.length, elsewhere.requests.length]).toEqual([2, 0]);
    await elsewhere.close();
  });

  it('is cut when an answer is too large', async () => {
    server.always(json(200, { data: 'x'.repeat(5_000) }));
    const { client } = clientOf({ settings: { maxAnswerBytes: 4_096 } });
    expect(await failureOf(client.call(READ, USER))).toMatchObject({ failure: 'unreadable', outcome: 'not_done' });
    expect(await failureOf(client.call(CHANGE, USER))).toMatchObject({ failure: 'unreadable', outcome: 'unknown' });
    expect(server.requests).toHaveLength(2);
  });

  it('is cut when an answer drips', async () => {
    const drip: Step = (response) => {
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    };
    server.always(drip);
    const error = await failureOf(clientOf({ settings: QUICK }).client.call(CHANGE, USER));
    expect(error).toMatchObject({ failure: 'timed_out', outcome: 'unknown' });
  });

  it('is closed without waiting long for what is in flight', async () => {
    server.always(silence);
    const { client } = clientOf();
    const failure = failureOf(client.call(CHANGE, USER));
    await server.received(1);
    await client.close();
    expect(await failure).toMatchObject({ failure: 'unreachable', outcome: 'unknown' });
    expect(await failureOf(client.call(CHANGE, USER))).toMatchObject({ failure: 'unreachable', outcome: 'not_done' });
  });
});

describe('a caller who gives up', () => {
  it('in flight does not learn whether a change was made', async () => {
    server.always(silence);
    const controller = new AbortController();
    const failure = failureOf(clientOf().client.call(CHANGE, { priority: 'user', signal: controller.signal }));
    await server.received(1);
    controller.abort(new Error('the user left'));
    expect(await failure).toMatchObject({ failure: 'cancelled', outcome: 'unknown', cause: new Error('the user left') });
  });

  it('before anything is sent, changes nothing', async () => {
    const { client } = clientOf();
    const failure = failureOf(client.call(CHANGE, { priority: 'user', signal: AbortSignal.abort() }));
    expect(await failure).toMatchObject({ failure: 'cancelled', outcome: 'not_done' });
    expect(server.requests).toHaveLength(0);
  });

  it('before the connection is made, changes nothing, also when it is made then', async () => {
    server.always(GOOD);
    const controller = new AbortController();
    const after: Timers['after'] = (ms, run) => {
      if (ms === CLIENT_SETTINGS.connectMs) queueMicrotask(() => controller.abort());
      return systemTimers.after(ms, run);
    };
    const { client } = clientOf({ tools: { timers: { ...systemTimers, after } } });
    const failure = failureOf(client.call(CHANGE, { priority: 'user', signal: controller.signal }));
    expect(await failure).toMatchObject({ failure: 'cancelled', outcome: 'not_done' });
    await client.call(READ, USER);
    expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it('while it waits for its turn, changes nothing', async () => {
    server.always(GOOD);
    const { client } = clientOf({ account: { requestsPerMinute: 1 } });
    await client.call(READ, BACKGROUND);
    const controller = new AbortController();
    const failure = failureOf(client.call(CHANGE, { priority: 'user', signal: controller.signal }));
    controller.abort();
    expect(await failure).toMatchObject({ failure: 'cancelled', outcome: 'not_done' });
    expect(server.requests).toHaveLength(1);
  });

  it('between two attempts, ends them', async () => {
    const timers = new FakeTimers();
    server.always(refusal(503, 'service_unavailable'));
    const controller = new AbortController();
    const { client } = clientOf({ tools: { timers }, settings: { retries: CLIENT_SETTINGS.retries } });
    const failure = failureOf(client.call(READ, { priority: 'user', signal: controller.signal }));
    await timers.waitingFor(187.5);
    controller.abort();
    expect(await failure).toMatchObject({ failure: 'cancelled', outcome: 'not_done' });
    expect(server.requests).toHaveLength(1);
  });
});

it('stays below the limit with 50 background calls at once, before which a user goes', async () => {
  const timers = new FakeTimers();
  server.always(GOOD);
  const { client } = clientOf({ tools: { timers }, account: { requestsPerMinute: 20 } });
  let answered = 0;
  const answeredCalls = (count: number) => until(() => Promise.resolve(answered === count), `answer ${count}`);
  const calls = Array.from({ length: 50 }, () => client.call(READ, BACKGROUND).then(() => (answered += 1)));
  await answeredCalls(15);
  await client.call(CHANGE, USER);
  expect(server.requests.map(({ method }) => method)).toEqual([...Array.from({ length: 15 }, () => 'GET'), 'POST']);
  for (const expected of [15 + 15, 15 + 15 + 15, 50]) {
    timers.advance(60_000);
    await answeredCalls(expected);
    expect(server.requests).toHaveLength(expected + 1);
  }
  await Promise.all(calls);
});
