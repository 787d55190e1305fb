import { FakeTimers } from '../../../../test/support/fake-timers';
import { closeTestClients, testClient } from '../../../../test/support/paddle/client';
import { json, refusal, reset, ScriptedServer, silence } from '../../../../test/support/scripted-server';
import { OPERATIONS } from './operations';

const READ = { operation: OPERATIONS.getSubscription, id: 'sub_1' };
const CHANGE = { operation: OPERATIONS.cancelSubscription, id: 'sub_1', body: {} };
const GOOD = json(200, { data: {} });
const BAD = refusal(500, 'internal_error');
const USER = { priority: 'user' } as const;
const OPEN = { code: 'provider_unavailable', failure: 'circuit_open', outcome: 'not_done' };

let server: ScriptedServer;
let timers: FakeTimers;

beforeEach(async () => {
  server = await ScriptedServer.start();
  timers = new FakeTimers();
  // Cockatiel asks the machine what time it is.
  jest.spyOn(Date, 'now').mockImplementation(() => timers.nowMs());
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeTestClients();
  await server.close();
});

/** A client whose circuit opens after three failures, for ten seconds. */
function clientOf(requestsPerMinute = 200) {
  const settings = { circuit: { failures: 3, openMs: 10_000 } };
  const { client, metrics } = testClient(server.url, { account: { requestsPerMinute }, tools: { timers }, settings });
  const call = (request = CHANGE, signal?: AbortSignal) =>
    client.call(request, { ...USER, ...(signal && { signal }) }).then(
      () => 'done' as const,
      (error: unknown) => error,
    );
  const state = async () => /oarlock_provider_circuit_state\{[^}]*\} (\d)/.exec(await metrics.registry.metrics())?.[1];
  return { call, state };
}

async function openedClient(requestsPerMinute?: number) {
  const client = clientOf(requestsPerMinute);
  server.script(BAD, reset, BAD);
  for (let failure = 0; failure < 3; failure += 1) await client.call();
  return client;
}

it('opens after failures in a row, and answers at once', async () => {
  const { call, state } = await openedClient();
  expect(await call()).toMatchObject({ ...OPEN, retryAfterSeconds: 10, status: null });
  expect(await call(READ as never)).toMatchObject(OPEN);
  expect(server.requests).toHaveLength(3);
  expect(await state()).toBe('2');
});

it('answers at once also where nobody would have a turn for a while', async () => {
  const { call } = await openedClient(3);
  expect(await call()).toMatchObject(OPEN);
});

it('opens after time-outs', async () => {
  const { call } = clientOf();
  server.always(silence);
  for (let count = 1; count <= 3; count += 1) {
    const given = call();
    await server.received(count);
    timers.advance(30_000);
    expect(await given).toMatchObject({ failure: 'timed_out', outcome: 'unknown' });
  }
  expect(await call()).toMatchObject(OPEN);
});

it('is not opened by refusals, nor by a rate limit', async () => {
  const { call, state } = clientOf();
  server.always(refusal(400, 'bad_request'));
  for (let count = 0; count < 10; count += 1) expect(await call()).toMatchObject({ failure: 'refused' });
  server.always(refusal(429, 'too_many_requests', { 'retry-after': '30' }));
  expect(await call()).toMatchObject({ failure: 'rate_limited' });
  expect(await state()).toBe('0');
});

it('counts failures in a row: an answer in between is a sign of life, a refusal too', async () => {
  const { call } = clientOf();
  server.script(BAD, BAD, refusal(409, 'conflict'), BAD, BAD, GOOD);
  for (let count = 0; count < 5; count += 1) await call();
  expect(await call()).toBe('done');
});

it('is not opened by callers who give up', async () => {
  const { call } = clientOf();
  server.always(silence);
  for (let count = 1; count <= 5; count += 1) {
    const controller = new AbortController();
    const given = call(CHANGE, controller.signal);
    await server.received(count);
    controller.abort();
    expect(await given).toMatchObject({ failure: 'cancelled' });
  }
  server.always(GOOD);
  expect(await call()).toBe('done');
});

it('lets one call try after a while, and closes when that one is answered', async () => {
  const { call, state } = await openedClient();
  server.always(GOOD);
  timers.advance(9_999);
  expect(await call()).toMatchObject(OPEN);
  timers.advance(1);
  expect(await call()).toBe('done');
  expect(await Promise.all([call(), call()])).toEqual(['done', 'done']);
  expect(await state()).toBe('0');
});

it('closes when the one that tries is refused', async () => {
  const { call } = await openedClient();
  server.script(refusal(404, 'not_found'), GOOD);
  timers.advance(10_000);
  expect(await call()).toMatchObject({ failure: 'refused' });
  expect(await call()).toBe('done');
});

it('stays open when the one that tries fails', async () => {
  const { call, state } = await openedClient();
  server.script(BAD);
  timers.advance(10_000);
  expect(await call()).toMatchObject({ failure: 'failed' });
  expect(await call()).toMatchObject({ ...OPEN, retryAfterSeconds: 10 });
  expect(server.requests).toHaveLength(4);
  expect(await state()).toBe('2');
});

it('makes nobody wait for the one that tries', async () => {
  const { call, state } = await openedClient();
  let answer!: () => void;
  server.script((response, request) => {
    answer = () => GOOD(response, request);
  });
  timers.advance(10_000);
  const trying = call();
  await server.received(4);
  expect(await state()).toBe('1');
  expect(await call()).toMatchObject(OPEN);
  answer();
  expect(await trying).toBe('done');
  expect(server.requests).toHaveLength(4);
});

it('does not take the provider for well again when the one that tries gives up', async () => {
  const { call } = await openedClient();
  server.script(silence);
  timers.advance(10_000);
  const controller = new AbortController();
  const trying = call(CHANGE, controller.signal);
  await server.received(4);
  controller.abort();
  expect(await trying).toMatchObject({ failure: 'cancelled' });
  expect(await call()).toMatchObject(OPEN);
});
