import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Clock } from '../../platform/clock';
import { Random } from '../world/random';
import { DAY, HOUR, instantOf, MINUTE, SECOND, type Micros } from '../world/time';
import type { WorldEvent } from '../world/world-event';
import { deliveryLogs, notificationEntity, Webhooks, type DeliverySettings, type Notification, type SavedWebhooks } from '.';
import { pauseUntil } from './pause';

const START = Date.UTC(2026, 0, 10, 10) * 1_000 + 123_456;
const SECRET = 'pdl_ntfset_made-up-for-tests';

interface Delivery {
  /** Path of the destination. */
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
  eventId: string;
  notificationId: string;
  ts: number;
  /** Of each `h1`, whether it matches. */
  matches: boolean[];
}

type Answer = number | 'hang' | 'reset' | ((response: ServerResponse) => void);

/** A consumer of webhooks: a real server with a verifier of its own. Accepts what is signed well, unless told otherwise. */
class Consumer {
  readonly deliveries: Delivery[] = [];
  answer: (delivery: Delivery) => Answer | Promise<Answer> = ({ matches }) => (matches.includes(true) ? 200 : 401);
  private server: Server | null = null;
  private port = 0;

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.receive(request, response));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  url(path = '/paddle?from=simulator'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  get eventIds(): string[] {
    return this.deliveries.map(({ eventId }) => eventId);
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const delivery = deliveryOf(request, Buffer.concat(chunks));
    this.deliveries.push(delivery);
    const answer = await this.answer(delivery);
    if (answer === 'hang') return;
    if (answer === 'reset') request.socket.destroy();
    else if (typeof answer === 'number') response.writeHead(answer).end();
    else answer(response);
  }
}

function deliveryOf({ url, headers }: IncomingMessage, body: Buffer): Delivery {
  const header = headers['paddle-signature'] as string;
  const ts = /^ts=(\d+);/.exec(header)![1]!;
  const expected = createHmac('sha256', SECRET)
    .update(Buffer.concat([Buffer.from(`${ts}:`), body]))
    .digest('hex');
  const matches = Array.from(header.matchAll(/;h1=([0-9a-f]{64})(?=;|$)/g), ([, h1]) => h1 === expected);
  const { event_id, notification_id } = JSON.parse(body.toString()) as Record<string, string>;
  return {
    path: url!,
    headers,
    body: body.toString(),
    eventId: event_id!,
    notificationId: notification_id!,
    ts: Number(ts),
    matches,
  };
}

class StoppedClock extends Clock {
  seconds = 1_800_000_000;

  nowMs(): number {
    return this.seconds * 1_000;
  }
}

const consumer = new Consumer();
const clock = new StoppedClock();
let opened: Webhooks[] = [];

beforeEach(() => consumer.start());

afterEach(async () => {
  await Promise.all(opened.map(({ deliveries }) => deliveries.stop()));
  await consumer.stop();
  opened = [];
  consumer.deliveries.length = 0;
  consumer.answer = ({ matches }) => (matches.includes(true) ? 200 : 401);
});

/** Without pauses, one at a time, and without any destination. */
function emptyWebhooks(settings: Partial<DeliverySettings> = {}, seed = 'seed'): Webhooks {
  const webhooks = new Webhooks(seed, clock, { concurrency: 1, pause: () => Promise.resolve(), ...settings });
  opened.push(webhooks);
  return webhooks;
}

function subscribe(webhooks: Webhooks, events = ['*'], path?: string) {
  const [description, type, destination] = ['A consumer', 'url' as const, consumer.url(path)];
  return webhooks.destinations.create(
    { description, type, destination, subscribed_events: events, endpoint_secret_key: SECRET },
    START,
  );
}

function webhooksOf(settings: Partial<DeliverySettings> = {}, seed?: string): Webhooks {
  const webhooks = emptyWebhooks(settings, seed);
  subscribe(webhooks);
  return webhooks;
}

function eventsOf(count: number, { everyMicros = SECOND, type = 'subscription.updated', from = START } = {}): WorldEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const occurredAt = from + index * everyMicros;
    const data = `{"id":"sub_${index}","name":"Zoë ✓","custom_data":{"z":1,  "a":null}}`;
    return { id: Random.from(`${from} ${index}`).id('evt', occurredAt), type, occurredAt, data };
  });
}

const idsOf = (events: WorldEvent[]) => events.map(({ id }) => id);
const only = (webhooks: Webhooks): Notification => {
  const [first, ...rest] = [...webhooks.notifications];
  expect(rest).toEqual([]);
  return first!;
};

describe('a delivery', () => {
  it('is a signed POST whose body has the data verbatim', async () => {
    const webhooks = webhooksOf();
    const [event] = eventsOf(1) as [WorldEvent];
    webhooks.deliveries.publish([event]);
    expect(await webhooks.deliveries.settle(START)).toEqual({ delivered: 1, failed: 0 });
    const { id } = only(webhooks);
    expect(id).toMatch(/^ntf_[a-z\d]{26}$/);
    expect(consumer.deliveries).toEqual([
      {
        path: '/paddle?from=simulator',
        headers: expect.objectContaining({ 'content-type': 'application/json', 'user-agent': expect.stringContaining('Paddle') }),
        body: `{"event_id":"${event.id}","event_type":"subscription.updated","occurred_at":"2026-01-10T10:00:00.123456Z","notification_id":"${id}","data":${event.data}}`,
        eventId: event.id,
        notificationId: id,
        ts: clock.nowSeconds(),
        matches: [true],
      },
    ]);
  });

  it('is shown as Paddle shows it, before and after', async () => {
    const webhooks = webhooksOf();
    const { id: setting } = webhooks.destinations.list()[0]!;
    const [event] = eventsOf(1) as [WorldEvent];
    webhooks.deliveries.publish([event]);
    const before = notificationEntity(only(webhooks));
    await webhooks.deliveries.deliverDue(START + MINUTE);
    const { id } = only(webhooks);
    expect(before).toEqual({
      id,
      type: 'subscription.updated',
      status: 'not_attempted',
      payload: {
        event_id: event.id,
        event_type: 'subscription.updated',
        occurred_at: '2026-01-10T10:00:00.123456Z',
        notification_id: id,
        data: { id: 'sub_0', name: 'Zoë ✓', custom_data: { z: 1, a: null } },
      },
      occurred_at: '2026-01-10T10:00:00.123456Z',
      delivered_at: null,
      replayed_at: null,
      origin: 'event',
      last_attempt_at: null,
      retry_at: null,
      times_attempted: 0,
      notification_setting_id: setting,
    });
    const at = '2026-01-10T10:01:00.123456Z';
    const after = { ...before, status: 'delivered', delivered_at: at, last_attempt_at: at, times_attempted: 1 };
    expect(notificationEntity(webhooks.notifications.get(id))).toEqual(after);
  });

  it('goes to whoever is active and subscribed, with a notification of its own', async () => {
    const webhooks = emptyWebhooks();
    const input = { description: 'x', type: 'url' as const, destination: consumer.url('/never'), subscribed_events: ['*'] };
    subscribe(webhooks, ['*'], '/all');
    subscribe(webhooks, ['customer.created'], '/customers');
    webhooks.destinations.create({ ...input, active: false }, START);
    webhooks.destinations.create({ ...input, traffic_source: 'simulation' }, START);
    webhooks.destinations.create({ ...input, type: 'email', destination: 'ada@example.com' }, START);
    const events = [
      ...eventsOf(1, { type: 'customer.created' }),
      ...eventsOf(1, { type: 'invoice.unheard_of', from: START + SECOND }),
    ];
    webhooks.deliveries.publish(events);
    expect(await webhooks.deliveries.settle(START + DAY)).toEqual({ delivered: 3, failed: 0 });
    const sent = (path: string) => consumer.deliveries.filter((delivery) => delivery.path === path);
    expect(sent('/all').map(({ eventId }) => eventId)).toEqual(idsOf(events));
    expect(sent('/customers').map(({ eventId }) => eventId)).toEqual([events[0]!.id]);
    expect(new Set(consumer.deliveries.map(({ notificationId }) => notificationId)).size).toBe(3);
  });

  it.each([200, 201, 204, 299])('succeeds with %i', async (status) => {
    consumer.answer = () => status;
    const webhooks = webhooksOf();
    webhooks.deliveries.publish(eventsOf(1));
    await webhooks.deliveries.deliverDue(START);
    expect(only(webhooks).status).toBe('delivered');
  });

  it.each([302, 308, 400, 401, 404, 410, 429, 500, 503])(
    'fails with %i, whatever that means, and is made again',
    async (status) => {
      const redirected = (response: ServerResponse) => response.writeHead(status, { location: consumer.url('/elsewhere') }).end();
      consumer.answer = ({ path }) => (path === '/elsewhere' ? 200 : redirected);
      const webhooks = webhooksOf();
      webhooks.deliveries.publish(eventsOf(1));
      await webhooks.deliveries.deliverDue(START);
      expect(notificationEntity(only(webhooks))).toMatchObject({
        status: 'needs_retry',
        times_attempted: 1,
        retry_at: instantOf(START + MINUTE),
        delivered_at: null,
      });
      expect(consumer.deliveries).toHaveLength(1);
    },
  );

  it('is logged, with the beginning of what was answered', async () => {
    const answers: Answer[] = [
      (response) => response.writeHead(500, { 'content-type': 'text/html' }).end('<p>down</p>'.padEnd(200_000, '!')),
      'reset',
      (response) => void response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy()),
      200,
    ];
    consumer.answer = () => answers.shift()!;
    const webhooks = webhooksOf();
    webhooks.deliveries.publish(eventsOf(1));
    await webhooks.deliveries.settle(START);
    const logs = deliveryLogs(only(webhooks));
    expect(logs).toEqual([
      {
        id: expect.stringMatching(/^ntflog_[a-z\d]{26}$/),
        response_code: 500,
        response_content_type: 'text/html',
        response_body: '<p>down</p>'.padEnd(1_000, '!'),
        attempted_at: instantOf(START),
      },
      expect.objectContaining({ response_code: 0, response_content_type: null, attempted_at: instantOf(START + MINUTE) }),
      expect.objectContaining({ response_code: 0, response_content_type: null }),
      expect.objectContaining({ response_code: 200, response_body: '' }),
    ]);
    expect(new Set(logs.map(({ id }) => id)).size).toBe(4);
    expect(deliveryLogs(only(webhooks))).toEqual(logs);
  });

  it('fails when the whole answer does not come in time', async () => {
    const halfAnAnswer = (response: ServerResponse) => void response.writeHead(200, { 'content-length': '10' }).write('half');
    const answers: Answer[] = ['hang', halfAnAnswer, 200];
    consumer.answer = () => answers.shift()!;
    const webhooks = webhooksOf({ responseTimeoutMs: 40 });
    webhooks.deliveries.publish(eventsOf(1));
    expect(await webhooks.deliveries.settle(START)).toEqual({ delivered: 1, failed: 0 });
    const codes = deliveryLogs(only(webhooks)).map(({ response_code, response_body }) => [response_code, response_body]);
    expect(codes).toEqual([
      [0, 'TIMED_OUT'],
      [0, 'TIMED_OUT'],
      [200, ''],
    ]);
  });

  it.each([
    ['renewed' as const, [1_800_000_000, 1_800_000_100, 1_800_000_200]],
    ['kept' as const, [1_800_000_000, 1_800_000_000, 1_800_000_000]],
  ])('is signed again with a ts that is %s', async (retrySignature, expected) => {
    clock.seconds = 1_800_000_000;
    consumer.answer = () => ((clock.seconds += 100), consumer.deliveries.length < 3 ? 503 : 200);
    const webhooks = webhooksOf({ retrySignature });
    webhooks.deliveries.publish(eventsOf(1));
    await webhooks.deliveries.settle(START);
    expect(consumer.deliveries.map(({ ts }) => ts)).toEqual(expected);
    expect(consumer.deliveries.every(({ matches }) => matches[0])).toBe(true);
  });
});

describe('while the clock follows real time', () => {
  it('attempts what is due, and not before', async () => {
    consumer.answer = () => (consumer.deliveries.length > 3 ? 200 : 503);
    const webhooks = webhooksOf();
    const events = eventsOf(2, { everyMicros: HOUR });
    webhooks.deliveries.publish(events);
    const made = async (at: Micros) => {
      await webhooks.deliveries.deliverDue(at);
      return consumer.deliveries.length;
    };
    expect(await made(START - 1)).toBe(0);
    expect(await made(START)).toBe(1);
    expect(await made(START + MINUTE - 1)).toBe(1);
    expect(await made(START + MINUTE)).toBe(2);
    expect(await made(START + 2 * MINUTE)).toBe(2);
    expect(await made(START + HOUR)).toBe(4);
    expect(await made(START + DAY)).toBe(5);
    expect(consumer.eventIds).toEqual([0, 0, 0, 1, 0].map((index) => events[index]!.id));
  });

  it('does not let one that hangs keep others', async () => {
    let release = () => {};
    const released = new Promise<number>((resolve) => (release = () => resolve(200)));
    const events = eventsOf(2);
    consumer.answer = ({ eventId }) => (eventId === events[0]!.id ? released : 200);
    const webhooks = webhooksOf({ concurrency: 2 });
    webhooks.deliveries.publish(events.slice(0, 1));
    const first = webhooks.deliveries.deliverDue(START);
    webhooks.deliveries.publish(events.slice(1));
    const arrived = new Promise<void>((resolve) => {
      consumer.answer = () => (resolve(), released);
    });
    const second = webhooks.deliveries.deliverDue(START + SECOND);
    await arrived;
    release();
    await Promise.all([first, second]);
    expect(consumer.eventIds.sort()).toEqual(idsOf(events).sort());
  });

  it('holds what is for a destination that is not active, and forgets what was for one that is deleted', async () => {
    const webhooks = webhooksOf();
    const { id } = webhooks.destinations.list()[0]!;
    const events = eventsOf(3);
    webhooks.deliveries.publish(events);
    webhooks.destinations.update(id, { active: false });
    expect(await webhooks.deliveries.settle(START + HOUR)).toEqual({ delivered: 0, failed: 0 });
    await webhooks.deliveries.deliverDue(START + HOUR);
    expect(consumer.deliveries).toEqual([]);
    webhooks.destinations.update(id, { active: true, destination: consumer.url('/moved') });
    await webhooks.deliveries.deliverDue(START + HOUR);
    expect(consumer.deliveries.map(({ path }) => path)).toEqual(['/moved', '/moved', '/moved']);
    webhooks.deliveries.publish(eventsOf(3, { from: START + DAY }));
    webhooks.destinations.delete(id);
    expect(await webhooks.deliveries.settle(START + 2 * DAY)).toEqual({ delivered: 0, failed: 0 });
    expect([...webhooks.notifications]).toEqual([]);
    expect(consumer.deliveries).toHaveLength(3);
  });
});

describe('when the clock jumps', () => {
  it('attempts all, then again in the order of the schedule, at virtual times, also beyond the end', async () => {
    const events = eventsOf(3);
    const refusals = [0, 1, 2, 1].map((index) => events[index]!.id);
    consumer.answer = ({ eventId }) => {
      const refused = refusals.indexOf(eventId);
      if (refused >= 0) refusals.splice(refused, 1);
      return refused >= 0 ? 400 : 200;
    };
    const webhooks = webhooksOf();
    webhooks.deliveries.publish(events);
    expect(await webhooks.deliveries.settle(START + MINUTE)).toEqual({ delivered: 3, failed: 0 });
    expect(consumer.eventIds).toEqual([0, 1, 2, 0, 1, 2, 1].map((index) => events[index]!.id));
    const [, second] = [...webhooks.notifications] as [Notification, Notification];
    const again = START + SECOND + MINUTE;
    expect(deliveryLogs(second).map(({ attempted_at }) => attempted_at)).toEqual(
      [START + SECOND, again, again + Math.round(MINUTE * 2 ** 1.1)].map(instantOf),
    );
  });

  it.each([
    ['live' as const, 60],
    ['sandbox' as const, 3],
  ])('gives up after the attempts of %s: %i', async (schedule, attempts) => {
    consumer.answer = () => 401;
    const webhooks = webhooksOf({ schedule });
    webhooks.deliveries.publish(eventsOf(2));
    expect(await webhooks.deliveries.settle(START + MINUTE)).toEqual({ delivered: 0, failed: 2 });
    expect(consumer.deliveries).toHaveLength(2 * attempts);
    const [first] = [...webhooks.notifications] as [Notification];
    expect(notificationEntity(first)).toMatchObject({ status: 'failed', retry_at: null, times_attempted: attempts });
    expect(await webhooks.deliveries.settle(START + DAY)).toEqual({ delivered: 0, failed: 0 });
    expect(consumer.deliveries).toHaveLength(2 * attempts);
  });

  it('waits longer and longer for a consumer that is down, and not for one that refuses', async () => {
    const pauses: number[] = [];
    const pause = (ms: number) => Promise.resolve(void pauses.push(ms));
    const rounds = [503, 500, 502, 401, 503, 503, 503, 503, 503, 503, 503, 503, 200];
    consumer.answer = () => rounds.shift()!;
    const webhooks = webhooksOf({ pause });
    webhooks.deliveries.publish(eventsOf(1));
    await webhooks.deliveries.settle(START);
    expect(pauses).toEqual([25, 50, 100, 25, 50, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  it('does not take one answer in many for a consumer that is down', async () => {
    const pauses: number[] = [];
    const webhooks = webhooksOf({ pause: (ms) => Promise.resolve(void pauses.push(ms)) });
    const [good, broken, refused] = eventsOf(3) as [WorldEvent, WorldEvent, WorldEvent];
    const answers: Record<string, number[]> = {
      [good.id]: [200],
      [broken.id]: [500, 500, 500, 500, 200],
      [refused.id]: [401, 401, 401, 200],
    };
    consumer.answer = ({ eventId }) => answers[eventId]!.shift()!;
    webhooks.deliveries.publish([good, broken, refused]);
    await webhooks.deliveries.settle(START);
    expect(pauses).toEqual([25, 25, 25, 25]);
  });

  it('does not attempt out of turn what becomes due meanwhile', async () => {
    consumer.answer = () => (consumer.deliveries.length < 4 ? 503 : 200);
    const meanwhile: Promise<void>[] = [];
    const pause = () => Promise.resolve(void meanwhile.push(webhooks.deliveries.deliverDue(START + 30 * DAY)));
    const webhooks: Webhooks = webhooksOf({ pause });
    webhooks.deliveries.publish(eventsOf(1));
    await webhooks.deliveries.settle(START);
    await Promise.all(meanwhile);
    expect(meanwhile).toHaveLength(3);
    expect(only(webhooks).attempts.map(({ at }) => Math.round((at - START) / SECOND))).toEqual([0, 60, 189, 390]);
  });

  it('waits for what is in flight already', async () => {
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      consumer.answer = () => (resolve(), new Promise((answer) => (release = () => answer(200))));
    });
    const webhooks = webhooksOf();
    webhooks.deliveries.publish(eventsOf(1));
    const due = webhooks.deliveries.deliverDue(START);
    await arrived;
    const settled = webhooks.deliveries.settle(START);
    release();
    expect(await settled).toEqual({ delivered: 1, failed: 0 });
    await due;
  });

  it('loses nothing while the consumer is restarted', async () => {
    const events = eventsOf(40);
    let waited = 0;
    const pause = async (ms: number) => {
      waited += ms;
      if (waited > 30_000) await consumer.start();
    };
    const webhooks = webhooksOf({ pause, concurrency: 4 });
    consumer.answer = () => (consumer.deliveries.length === 15 ? consumer.stop().then(() => 'hang') : 200);
    webhooks.deliveries.publish(events);
    const settled = webhooks.deliveries.settle(START + HOUR);
    expect(await settled).toEqual({ delivered: 40, failed: 0 });
    expect(waited).toBeGreaterThan(30_000);
    expect(new Set(consumer.eventIds)).toEqual(new Set(idsOf(events)));
  });

  it('does not go on asking one that gave no answer to 64 in a row, and asks again in the next round', async () => {
    const pauses: number[] = [];
    const webhooks = webhooksOf({ pause: (ms) => Promise.resolve(void pauses.push(ms)) });
    const events = eventsOf(500);
    const perRound = [0, 0, 0, 0];
    consumer.answer = () => (perRound[pauses.length]!++, pauses.length < 3 ? 'reset' : 200);
    webhooks.deliveries.publish(events);
    expect(await webhooks.deliveries.settle(START)).toEqual({ delivered: 500, failed: 0 });
    expect(perRound).toEqual([64, 64, 64, 500]);
    expect(pauses).toEqual([25, 50, 100]);
    expect([...webhooks.notifications].every(({ attempts }) => attempts.length === 4)).toBe(true);
  });

  it('goes on asking one that answered once', async () => {
    const webhooks = webhooksOf({ schedule: 'sandbox' });
    const events = eventsOf(200);
    consumer.answer = ({ eventId }) => (eventId === events[0]!.id ? 200 : 'reset');
    webhooks.deliveries.publish(events);
    await webhooks.deliveries.settle(START);
    expect(consumer.deliveries).toHaveLength(200 + 64 + 64);
  });

  it('takes with it what is published meanwhile', async () => {
    const webhooks = webhooksOf();
    const [first, ...later] = eventsOf(3) as [WorldEvent, WorldEvent, WorldEvent];
    consumer.answer = ({ eventId }) => {
      if (eventId === first.id) webhooks.deliveries.publish(later);
      return 200;
    };
    webhooks.deliveries.publish([first]);
    const settled = webhooks.deliveries.settle(START + HOUR);
    await webhooks.deliveries.deliverDue(START + HOUR);
    expect(await settled).toEqual({ delivered: 3, failed: 0 });
    expect(consumer.deliveries).toHaveLength(3);
  });

  it('sends to one destination while another is down', async () => {
    const webhooks = emptyWebhooks();
    subscribe(webhooks, ['*'], '/good');
    subscribe(webhooks, ['*'], '/down');
    consumer.answer = ({ path }) => (path === '/good' ? 200 : 503);
    webhooks.deliveries.publish(eventsOf(5));
    expect(await webhooks.deliveries.settle(START)).toEqual({ delivered: 5, failed: 5 });
    expect(consumer.deliveries.filter(({ path }) => path === '/good')).toHaveLength(5);
  });

  it('has as many requests in flight as it was told', async () => {
    let waiting: (() => void)[] = [];
    let most = 0;
    // Four must arrive before any is answered; a fifth would be seen.
    consumer.answer = () =>
      new Promise((resolve) => {
        waiting.push(() => resolve(200));
        most = Math.max(most, waiting.length);
        if (waiting.length < 4) return;
        for (const answer of waiting) answer();
        waiting = [];
      });
    const webhooks = webhooksOf({ concurrency: 4 });
    webhooks.deliveries.publish(eventsOf(20));
    expect(await webhooks.deliveries.settle(START + HOUR)).toEqual({ delivered: 20, failed: 0 });
    expect(most).toBe(4);
  });
});

describe('stopping', () => {
  it('ends waiting at once, and leaves what was in flight as it was', async () => {
    const events = eventsOf(3);
    const arrived = new Promise<void>((resolve) => {
      consumer.answer = () => (resolve(), 'hang');
    });
    const webhooks = webhooksOf();
    webhooks.deliveries.publish(events);
    const settled = webhooks.deliveries.settle(START + HOUR);
    await arrived;
    await webhooks.deliveries.stop();
    expect(await settled).toEqual({ delivered: 0, failed: 0 });
    expect([...webhooks.notifications].map(({ status, attempts }) => [status, attempts.length])).toEqual([
      ['not_attempted', 0],
      ['not_attempted', 0],
      ['not_attempted', 0],
    ]);
  });

  it('ends a pause', async () => {
    const stopping = new AbortController();
    const paused = pauseUntil(stopping.signal)(3_600_000);
    stopping.abort();
    await paused;
    await pauseUntil(stopping.signal)(3_600_000);
  });

  it('ends waiting for a consumer that is down', async () => {
    const sixTimes = new Promise<void>((resolve) => {
      consumer.answer = () => (consumer.deliveries.length === 6 && resolve(), 503);
    });
    const webhooks = webhooksOf({ pause: undefined });
    webhooks.deliveries.publish(eventsOf(1));
    const settled = webhooks.deliveries.settle(START);
    await sixTimes;
    await webhooks.deliveries.stop();
    expect(await settled).toEqual({ delivered: 0, failed: 0 });
  });
});

describe('faults', () => {
  const EVENTS = eventsOf(200);

  async function settleWith(faults: Parameters<Webhooks['setFaults']>[0], settings: Partial<DeliverySettings> = {}) {
    const webhooks = webhooksOf(settings);
    webhooks.setFaults(faults);
    webhooks.deliveries.publish(EVENTS);
    return { webhooks, settled: await webhooks.deliveries.settle(START + DAY) };
  }

  const places = () => idsOf(EVENTS).map((id) => consumer.eventIds.indexOf(id));
  const timesSent = () => idsOf(EVENTS).map((id) => consumer.eventIds.filter((sent) => sent === id).length);

  it('are none to begin with', async () => {
    const { settled, webhooks } = await settleWith({});
    expect(settled).toEqual({ delivered: 200, failed: 0 });
    expect(consumer.eventIds).toEqual(idsOf(EVENTS));
    expect(new Set(Object.values(webhooks.faults))).toEqual(new Set([0]));
  });

  it('are switched one by one, and refused when they are no probabilities', () => {
    const webhooks = webhooksOf();
    webhooks.setFaults({ drop: 0.5 });
    webhooks.setFaults({ delay: 1 });
    expect(webhooks.faults).toMatchObject({ drop: 0.5, delay: 1, duplicate: 0 });
    for (const wrong of [{ drop: 2 }, { drop: -0.1 }, { drop: 'much' as unknown as number }, { dorp: 1 } as object]) {
      expect(() => webhooks.setFaults(wrong)).toThrow(expect.objectContaining({ code: 'bad_request' }));
    }
    expect(webhooks.faults).toMatchObject({ drop: 0.5, delay: 1, duplicate: 0 });
  });

  it('duplicate sends twice: the same notification, at once or later', async () => {
    const { settled, webhooks } = await settleWith({ duplicate: 0.5 });
    expect(settled).toEqual({ delivered: 200, failed: 0 });
    const twice = timesSent().filter((times) => times === 2).length;
    expect(twice).toBeGreaterThan(70);
    expect(twice).toBeLessThan(130);
    expect(new Set(consumer.deliveries.map(({ body }) => body)).size).toBe(200);
    expect([...webhooks.notifications].every(({ attempts }) => attempts.length === 1)).toBe(true);
    const gaps = idsOf(EVENTS).map((id) => consumer.eventIds.lastIndexOf(id) - consumer.eventIds.indexOf(id));
    expect(gaps.filter((gap) => gap === 1).length).toBeGreaterThan(20);
    expect(gaps.filter((gap) => gap > 1).length).toBeGreaterThan(20);
  });

  it('duplicate may send both at the same moment', async () => {
    let waiting: { eventId: string; accept: () => void }[] = [];
    const pairs: boolean[] = [];
    // Two must arrive before either is answered.
    consumer.answer = ({ eventId }) =>
      new Promise((resolve) => {
        waiting.push({ eventId, accept: () => resolve(200) });
        if (waiting.length < 2) return;
        pairs.push(waiting[0]!.eventId === waiting[1]!.eventId);
        for (const { accept } of waiting) accept();
        waiting = [];
      });
    expect((await settleWith({ duplicate: 1 }, { concurrency: 2 })).settled).toEqual({ delivered: 200, failed: 0 });
    expect(pairs).toHaveLength(200);
    expect(pairs.filter(Boolean).length).toBeGreaterThan(20);
  });

  it('reorder moves some a few places back', async () => {
    expect((await settleWith({ reorder: 0.2 })).settled).toEqual({ delivered: 200, failed: 0 });
    const moved = places().map((place, index) => place - index);
    expect(moved.filter((by) => by > 0).length).toBeGreaterThan(10);
    expect(Math.max(...moved)).toBeLessThanOrEqual(10);
    expect(timesSent().every((times) => times === 1)).toBe(true);
  });

  it('delay sends later than what happened until then', async () => {
    const { settled, webhooks } = await settleWith({ delay: 0.2 });
    expect(settled).toEqual({ delivered: 200, failed: 0 });
    const waits = [...webhooks.notifications].map(({ event, attempts }) => attempts[0]!.at - event.occurredAt);
    const delayed = waits.filter((wait) => wait > 0);
    expect(delayed.length).toBeGreaterThan(20);
    expect(delayed.length).toBeLessThan(60);
    expect(Math.min(...delayed)).toBeGreaterThanOrEqual(2 * MINUTE);
    expect(Math.max(...delayed)).toBeLessThanOrEqual(HOUR);
    const sentAt = new Map([...webhooks.notifications].map(({ event, attempts }) => [event.id, attempts[0]!.at]));
    const times = consumer.eventIds.map((id) => sentAt.get(id)!);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('drop never sends, until it is replayed', async () => {
    const { settled, webhooks } = await settleWith({ drop: 0.3 });
    const lost = [...webhooks.notifications].filter(({ status }) => status === 'failed');
    expect(settled).toEqual({ delivered: 200 - lost.length, failed: lost.length });
    expect(lost.length).toBeGreaterThan(30);
    const lostIds = new Set(lost.map(({ event }) => event.id));
    expect(consumer.eventIds).toEqual(idsOf(EVENTS).filter((id) => !lostIds.has(id)));
    expect(lost.every(({ attempts }) => attempts.length === 0)).toBe(true);
    for (const { id } of lost) webhooks.deliveries.replay(id, START + DAY);
    expect(await webhooks.deliveries.settle(START + DAY)).toEqual({ delivered: lost.length, failed: 0 });
    expect(new Set(consumer.eventIds)).toEqual(new Set(idsOf(EVENTS)));
  });

  it('drop sends no duplicate either', async () => {
    expect((await settleWith({ drop: 1, duplicate: 1 })).settled).toEqual({ delivered: 0, failed: 200 });
    expect(consumer.deliveries).toEqual([]);
  });

  it('badSignature is refused once, and good at the second attempt', async () => {
    const { settled, webhooks } = await settleWith({ badSignature: 0.3 });
    expect(settled).toEqual({ delivered: 200, failed: 0 });
    const sent = (id: string) => consumer.deliveries.filter(({ eventId }) => eventId === id).map(({ matches }) => matches);
    const all = idsOf(EVENTS).map(sent);
    expect(all.filter((matches) => matches.length === 2).length).toBeGreaterThan(30);
    for (const matches of all) expect(matches).toEqual(matches.length === 2 ? [[false], [true]] : [[true]]);
    const refused = [...webhooks.notifications].filter(({ attempts }) => attempts.length === 2);
    expect(refused.every(({ attempts }) => attempts[0]!.answer.code === 401)).toBe(true);
  });

  it('twoSignatures has the good one first or last', async () => {
    expect((await settleWith({ twoSignatures: 1 })).settled).toEqual({ delivered: 200, failed: 0 });
    const first = consumer.deliveries.filter(({ matches }) => matches[0] && !matches[1]).length;
    const last = consumer.deliveries.filter(({ matches }) => !matches[0] && matches[1]).length;
    expect(first + last).toBe(200);
    expect(Math.min(first, last)).toBeGreaterThan(70);
  });

  it('slowConsumer is sent again although it was accepted', async () => {
    const { settled, webhooks } = await settleWith({ slowConsumer: 0.3, badSignature: 0.3 });
    expect(settled).toEqual({ delivered: 200, failed: 0 });
    const ignored = [...webhooks.notifications].filter(({ attempts }) =>
      attempts.some(({ answer }) => answer.body === 'TIMED_OUT'),
    );
    expect(ignored.length).toBeGreaterThan(30);
    for (const { event } of ignored) {
      const accepted = consumer.deliveries.filter(({ eventId, matches }) => eventId === event.id && matches.includes(true));
      expect(accepted).toHaveLength(2);
    }
  });

  it('all at once lose nothing but what is dropped', async () => {
    const every = { duplicate: 0.3, reorder: 0.3, delay: 0.3, badSignature: 0.3, twoSignatures: 0.3, slowConsumer: 0.3 };
    const { settled } = await settleWith(every, { concurrency: 16, schedule: 'sandbox' });
    expect(settled).toEqual({ delivered: 200, failed: 0 });
    const accepted = consumer.deliveries.filter(({ matches }) => matches.includes(true)).map(({ eventId }) => eventId);
    expect(new Set(accepted)).toEqual(new Set(idsOf(EVENTS)));
  });
});

describe('a seed', () => {
  const FAULTS = {
    duplicate: 0.2,
    reorder: 0.2,
    delay: 0.2,
    drop: 0.2,
    badSignature: 0.2,
    twoSignatures: 0.2,
    slowConsumer: 0.2,
  };

  async function bodiesOf(seed: string, concurrency: number, answer: Consumer['answer']) {
    consumer.deliveries.length = 0;
    consumer.answer = answer;
    const webhooks = webhooksOf({ concurrency }, seed);
    webhooks.setFaults(FAULTS);
    for (const event of eventsOf(100)) webhooks.deliveries.publish([event]);
    await webhooks.deliveries.settle(START + DAY);
    return { sent: consumer.eventIds, bodies: [...new Set(consumer.deliveries.map(({ body }) => body))].sort(), webhooks };
  }

  const accept: Consumer['answer'] = ({ matches }) => (matches.includes(true) ? 200 : 401);

  it('gives the same requests in the same order', async () => {
    const [one, two] = [await bodiesOf('seed', 1, accept), await bodiesOf('seed', 1, accept)];
    expect(one.sent).toEqual(two.sent);
    expect(one.bodies).toEqual(two.bodies);
    expect([...one.webhooks.notifications]).toEqual([...two.webhooks.notifications]);
  });

  it('gives the same bodies whatever the consumer does and however many go at once', async () => {
    const one = await bodiesOf('seed', 1, accept);
    let turn = 0;
    const moody = await bodiesOf('seed', 16, () => (turn++ % 3 === 0 ? 500 : 200));
    expect(moody.bodies).toEqual(one.bodies);
  });

  it('gives others than another seed', async () => {
    const [one, two] = [await bodiesOf('seed', 1, accept), await bodiesOf('other', 1, accept)];
    expect(one.bodies).not.toEqual(two.bodies);
    expect(one.sent).not.toEqual(two.sent);
  });
});

describe('a replay', () => {
  it('sends the same event under a new notification', async () => {
    const webhooks = webhooksOf();
    webhooks.deliveries.publish(eventsOf(1));
    await webhooks.deliveries.settle(START);
    const original = only(webhooks);
    const at = START + DAY;
    const replays = [webhooks.deliveries.replay(original.id, at), webhooks.deliveries.replay(original.id, at)];
    await webhooks.deliveries.deliverDue(at);
    expect(new Set([original, ...replays].map(({ id }) => id)).size).toBe(3);
    expect(notificationEntity(original)).toMatchObject({ origin: 'event', replayed_at: instantOf(at) });
    for (const { id } of replays) {
      expect(notificationEntity(webhooks.notifications.get(id))).toMatchObject({
        origin: 'replay',
        status: 'delivered',
        replayed_at: null,
        times_attempted: 1,
        occurred_at: instantOf(START),
        payload: { event_id: original.event.id, notification_id: id },
      });
    }
    expect(consumer.eventIds).toEqual([original.event.id, original.event.id, original.event.id]);
  });

  it('is refused for one that is on its way, a replay, or unknown', async () => {
    consumer.answer = () => 503;
    const webhooks = webhooksOf({ schedule: 'sandbox' });
    webhooks.deliveries.publish(eventsOf(1));
    const { id } = only(webhooks);
    const replay = (which: string) => () => webhooks.deliveries.replay(which, START);
    const refusal = (code: string) => expect.objectContaining({ code }) as Error;
    expect(replay(id)).toThrow(refusal('notification_cannot_replay'));
    await webhooks.deliveries.deliverDue(START);
    expect(replay(id)).toThrow(refusal('notification_cannot_replay'));
    await webhooks.deliveries.settle(START);
    const again = webhooks.deliveries.replay(id, START);
    expect(replay(again.id)).toThrow(refusal('notification_replay_invalid_origin_type'));
    expect(replay('ntf_unknown')).toThrow(refusal('not_found'));
  });
});

describe('what is kept', () => {
  it('is 90 days of notifications, however many years go by', async () => {
    const webhooks = webhooksOf();
    const sizes: number[] = [];
    for (let week = 0; week < 104; week++) {
      const from = START + week * 7 * DAY;
      webhooks.deliveries.publish(eventsOf(7, { from, everyMicros: DAY }));
      await webhooks.deliveries.settle(from + 7 * DAY);
      sizes.push([...webhooks.notifications].length);
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(90);
    expect(sizes.at(-1)).toBeGreaterThan(80);
    const [oldest] = [...webhooks.notifications] as [Notification];
    expect(oldest.event.occurredAt).toBeGreaterThanOrEqual(START + 104 * 7 * DAY - 90 * DAY);
  });

  it('is delivered first, when the clock jumps by more than that', async () => {
    const webhooks = webhooksOf();
    const events = eventsOf(200, { everyMicros: DAY });
    webhooks.deliveries.publish(events);
    expect(await webhooks.deliveries.settle(START + 200 * DAY)).toEqual({ delivered: 200, failed: 0 });
    expect(consumer.eventIds).toEqual(idsOf(events));
    expect([...webhooks.notifications]).toHaveLength(90);
    expect(() => webhooks.notifications.get('ntf_forgotten')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('is a replay of an old event, while it is on its way', async () => {
    const webhooks = webhooksOf();
    const { id: setting } = webhooks.destinations.list()[0]!;
    webhooks.deliveries.publish(eventsOf(1));
    await webhooks.deliveries.settle(START);
    const replay = webhooks.deliveries.replay(only(webhooks).id, START + 90 * DAY);
    webhooks.destinations.update(setting, { active: false });
    await webhooks.deliveries.deliverDue(START + 90 * DAY + SECOND);
    expect(only(webhooks)).toBe(replay);
    webhooks.destinations.update(setting, { active: true });
    await webhooks.deliveries.deliverDue(START + 90 * DAY + SECOND);
    expect(replay.status).toBe('delivered');
  });

  it('is not what waited 90 days for a destination that is not active', async () => {
    const webhooks = webhooksOf();
    const { id: setting } = webhooks.destinations.list()[0]!;
    webhooks.deliveries.publish(eventsOf(1));
    webhooks.destinations.update(setting, { active: false });
    await webhooks.deliveries.settle(START + 91 * DAY);
    expect([...webhooks.notifications]).toEqual([]);
    webhooks.destinations.update(setting, { active: true });
    expect(await webhooks.deliveries.settle(START + 91 * DAY)).toEqual({ delivered: 0, failed: 0 });
    expect(consumer.deliveries).toEqual([]);
  });

  it('goes on after a restart: destinations, what is on its way and what can be replayed', async () => {
    const before = webhooksOf();
    before.setFaults({ drop: 0.3 });
    const events = eventsOf(30);
    before.deliveries.publish(events);
    await before.deliveries.settle(START + HOUR);
    const delivered = consumer.deliveries.length;
    consumer.answer = () => 503;
    before.setFaults({ drop: 0, delay: 1 });
    const later = eventsOf(2, { from: START + DAY });
    before.deliveries.publish(later);
    await before.deliveries.deliverDue(START + DAY + 10 * MINUTE);
    const saved = JSON.stringify(before.save());
    await before.deliveries.stop();
    consumer.answer = () => 200;
    consumer.deliveries.length = 0;

    const after = emptyWebhooks();
    after.restore(JSON.parse(saved) as SavedWebhooks);
    expect(after.destinations.list()).toEqual(before.destinations.list());
    expect([...after.notifications]).toEqual([...before.notifications].filter(({ status }) => status !== 'delivered'));
    expect(JSON.stringify(after.save())).toBe(saved);
    expect(await after.deliveries.settle(START + 2 * DAY)).toEqual({ delivered: 2, failed: 0 });
    expect(new Set(consumer.eventIds)).toEqual(new Set(idsOf(later)));
    const lost = [...after.notifications].filter(({ status }) => status === 'failed');
    expect(lost).toHaveLength(30 - delivered);
    for (const { id } of lost) after.deliveries.replay(id, START + 2 * DAY);
    expect(await after.deliveries.settle(START + 2 * DAY)).toEqual({ delivered: lost.length, failed: 0 });
    const [old] = before.destinations.list();
    expect(subscribe(after).id).not.toBe(old!.id);
  });
});
