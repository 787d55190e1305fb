import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SCENARIOS } from '../../src/simulator/world/scenarios';
import { LocalPaddle, type Webhook } from '../simulator/local-paddle';
import { isNullable } from '../simulator/nullable';
import { misformed, missing, shapeOf, type Shape } from '../simulator/shapes';
import { EVENT_TYPES } from '../support/paddle/event-types';

/** The simulator's webhooks beside recorded ones: `npm run test:corpus -- <folder>`. */
const FOLDER = resolve(process.env.CORPUS ?? '');

/** Nothing in the simulator's world makes these happen; one that is missing beside them is a regression. */
const NEVER_EMITTED = [
  'address: updated imported',
  'business: updated imported',
  'customer: imported',
  'discount: updated imported',
  'price: imported',
  'product: imported',
  'subscription: imported',
  'api_key: created updated expiring expired revoked',
  'api_key_exposure: created',
  'client_token: created updated revoked',
  'discount_group: created updated',
  'payout: created paid',
  'report: created updated',
].flatMap((line) => {
  const [entity, actions] = line.split(': ') as [string, string];
  return actions.split(' ').map((action) => `${entity}.${action}`);
});

/** Fields that REFERENCE says may be absent: the key `revised_at` (2.5), a `type` in old payloads (2.6). */
const MAY_BE_ABSENT = new Set(['data.revised_at', 'data.type']);

const emitted = new Map<string, Webhook[]>();
const recorded = new Map<string, unknown>();

beforeAll(async () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.json'))) {
    recorded.set(file.replace('.json', ''), JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
  }
  const paddle = await LocalPaddle.start();
  for (const name of Object.keys(SCENARIOS)) await paddle.play(name);
  for (const country of ['DE', 'JP']) for (const name of ['renewal', 'refund_full']) await paddle.play(name, { country });
  await callTheApi(paddle);
  await paddle.settled();
  await paddle.stop();
  for (const webhook of paddle.receiver.webhooks) {
    emitted.set(webhook.event_type, [...(emitted.get(webhook.event_type) ?? []), webhook]);
  }
}, 120_000);

/** What no scenario does. */
async function callTheApi(paddle: LocalPaddle): Promise<void> {
  const { customerId, subscriptionId } = await paddle.play('signup');
  const { data: prices } = await paddle.call<{ id: string; product_id: string }[]>('GET /prices');
  await paddle.ok(`PATCH /customers/${customerId}`, { name: 'Somebody Else' });
  await paddle.ok(`PATCH /products/${prices[0]!.product_id}`, { name: 'Another name' });
  await paddle.ok(`PATCH /prices/${prices[0]!.id}`, { name: 'Another name' });
  await paddle.ok(`POST /customers/${customerId}/businesses`, {
    name: 'Oars Ltd',
    contacts: [{ name: 'Al', email: 'al@example.com' }],
  });
  const { id: dear } = await paddle.ok<{ id: string }>('POST /discounts', { description: 'Five', type: 'flat', amount: '5' });
  const items = [{ price_id: prices[0]!.id, quantity: 1 }];
  await paddle.ok('POST /transactions', { items, discount_id: dear, custom_data: { a: [1] } });
  const [bought] = await paddle.ok<{ id: string }[]>(`GET /transactions?subscription_id=${subscriptionId}`);
  await paddle.ok(`POST /transactions/${bought!.id}/revise`, { customer: { name: 'Robin' } });
  await paddle.ok(`PATCH /subscriptions/${subscriptionId}`, { discount: { id: dear, effective_from: 'immediately' } });
  const pausing = await paddle.play('signup');
  await paddle.ok(`POST /subscriptions/${pausing.subscriptionId}/pause`, { resume_at: '2030-01-01T00:00:00Z' });
}

it('has a recorded body of every event type', () => {
  expect([...recorded.keys()].sort()).toEqual(EVENT_TYPES.toSorted());
});

it('sends every event type but those that are named', () => {
  expect(EVENT_TYPES.filter((type) => !emitted.has(type)).sort()).toEqual(NEVER_EMITTED.toSorted());
});

const COMPARED = EVENT_TYPES.filter((type) => !NEVER_EMITTED.includes(type));

it.each(COMPARED)('%s has every field that a recorded one has', (type) => {
  const absent = emitted.get(type)!.flatMap((webhook) => missing(recorded.get(type), webhook));
  expect([...new Set(absent)].filter((path) => !MAY_BE_ABSENT.has(path))).toEqual([]);
});

it.each(COMPARED)('%s has the JSON types of a recorded one; null only where Paddle says so', (type) => {
  const model = shapeOf(recorded.get(type));
  const wrong = [...shapesOf(type)].flatMap(([path, { kinds }]) => {
    const known = model.get(path)?.kinds;
    const left = [...kinds].filter((kind) => {
      if (kind === 'null') return !isNullable(type, path);
      return known !== undefined && !known.has(kind) && !(known.has('null') && known.size === 1 && isNullable(type, path));
    });
    return left.length > 0 ? [`${path}: ${left.join(', ')}, not ${[...(known ?? ['anything'])].join(', ')}`] : [];
  });
  expect(wrong).toEqual([]);
});

it.each(COMPARED)('%s has the formats of REFERENCE 2, and so has the recorded one', (type) => {
  expect(misformed(type, shapesOf(type))).toEqual([]);
  expect(misformed(type, shapeOf(recorded.get(type)))).toEqual([]);
});

function shapesOf(type: string): Shape {
  const shape: Shape = new Map();
  for (const webhook of emitted.get(type)!) shapeOf(webhook, shape);
  return shape;
}

it('has links for the customer nowhere, and the transaction of a subscription in its first event alone', () => {
  const all = [...emitted.values()].flat();
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter(({ data }) => 'management_urls' in data)).toEqual([]);
  const withTransaction = all.filter(
    ({ event_type: type, data }) => type.startsWith('subscription.') && 'transaction_id' in data,
  );
  expect(new Set(withTransaction.map(({ event_type: type }) => type))).toEqual(new Set(['subscription.created']));
});

it('would notice what is wrong: a field that is gone, another type, another format', () => {
  const sent = emitted.get('transaction.completed')![0]!;
  const model = recorded.get('transaction.completed');
  const bent = JSON.parse(JSON.stringify(sent).replaceAll('"grand_total":', '"sum":').replaceAll('"txn_', '"tx_')) as Webhook;
  expect(missing(model, bent)).toContain('data.details.totals.grand_total');
  expect(misformed('transaction.completed', shapeOf(bent)).join()).toContain('data.id: ');
  expect(misformed('transaction.completed', shapeOf({ data: { details: { totals: { total: '1.5' } } } }))).toHaveLength(1);
});
