import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Transaction } from '../../src/simulator/world/money-entities';
import { LocalPaddle } from '../simulator/local-paddle';

/** Request bodies of Paddle's SDK tests, sent to the simulator. They lie beside the folder of webhooks. */
const FOLDER = resolve(process.env.CORPUS ?? '', '..', 'api');
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((path) => /^\w+\/request\/\w+\.json$/.test(path))
  .map((path) => path.replace('/request/', '/').replace('.json', ''));

/** Ids of what the world has, by prefix: they take the places of those in a body, in order of appearance. */
type Ids = Record<string, string[]>;

/** Makes what the request is about. */
type Target = () => Promise<{ route: string; ids?: Ids }>;

const daily = { interval: 'day', frequency: 1 };
let paddle: LocalPaddle;
let product: string;
let once: string[];
let each: string[];
let discount: string;

beforeAll(async () => {
  // The dates in the bodies lie in the autumn of 2023.
  paddle = await LocalPaddle.start({ clock: { mode: 'frozen', at: '2023-10-01T12:00:00Z' } });
  product = (await paddle.ok<{ id: string }>('POST /products', { name: 'Any', tax_category: 'saas' })).id;
  once = await Promise.all([1, 2, 3].map(() => price({})));
  each = await Promise.all([1, 2].map(() => price({ billing_cycle: daily })));
  discount = (await paddle.ok<{ id: string }>('POST /discounts', { description: 'Any', type: 'percentage', amount: '10' })).id;
}, 60_000);
afterAll(() => paddle.stop());

async function price(more: object): Promise<string> {
  const money = { amount: '5000', currency_code: 'USD' };
  const body = { product_id: product, description: 'Any', unit_price: money, quantity: { minimum: 1, maximum: 1_000 }, ...more };
  return (await paddle.ok<{ id: string }>('POST /prices', body)).id;
}

async function bought(): Promise<Transaction> {
  const { customerId } = await paddle.play('one_time_purchase');
  const [address] = await paddle.ok<{ id: string }[]>(`GET /customers/${customerId}/addresses`);
  const items = once.slice(0, 2).map((id) => ({ price_id: id, quantity: 1 }));
  const body = { items, customer_id: customerId, address_id: address!.id };
  const { id } = await paddle.ok<{ id: string }>('POST /transactions', body);
  await paddle.control(`POST transactions/${id}/pay`);
  return paddle.ok<Transaction>(`GET /transactions/${id}`);
}

const refundable: Target = async () => {
  const { id, details } = await bought();
  return { route: 'POST /adjustments', ids: { txn: [id], txnitm: details.line_items.map((line) => line.id) } };
};

const portal: Target = async () => {
  const first = await paddle.play('signup', { userId: 'portal' });
  const second = await paddle.play('signup', { userId: 'portal' });
  expect(second.customerId).toBe(first.customerId);
  return {
    route: `POST /customers/${first.customerId}/portal-sessions`,
    ids: { sub: [first.subscriptionId!, second.subscriptionId!] },
  };
};

const subscribed = (method: string, action: string, catalog: 'once' | 'each' = 'once'): Target => {
  return async () => {
    const { subscriptionId, customerId } = await paddle.play('signup');
    const { address_id: address } = await paddle.ok<{ address_id: string }>(`GET /subscriptions/${subscriptionId}`);
    const prices = catalog === 'once' ? once : each;
    const ids = { pri: prices, pro: [product], ctm: [customerId], add: [address], dsc: [discount] };
    return { route: `${method} /subscriptions/${subscriptionId}${action}`, ids };
  };
};

const creating: Target = async () => {
  const { customerId } = await paddle.play('signup');
  const [address] = await paddle.ok<{ id: string }[]>(`GET /customers/${customerId}/addresses`);
  const { id: business } = await paddle.ok<{ id: string }>(`POST /customers/${customerId}/businesses`, { name: 'Oars' });
  const ids = { pri: once, pro: [product, product], ctm: [customerId], add: [address!.id], biz: [business], dsc: [discount] };
  return { route: 'POST /transactions', ids };
};

const previewing: Target = async () => ({ route: 'POST /transactions/preview', ids: { pri: once, pro: [product, product] } });

const ready: Target = async () => {
  const { ids } = await creating();
  const body = { items: [{ price_id: once[0], quantity: 1 }], customer_id: ids!.ctm![0], address_id: ids!.add![0] };
  const { id } = await paddle.ok<{ id: string }>('POST /transactions', body);
  return { route: `PATCH /transactions/${id}`, ids: ids! };
};

const completed: Target = async () => ({ route: `POST /transactions/${(await bought()).id}/revise` });

const cancel = subscribed('POST', '/cancel');
const pause = subscribed('POST', '/pause');
const resume: Target = async () => {
  const { route } = await subscribed('POST', '')();
  await paddle.ok(`${route}/pause`, { effective_from: 'immediately' });
  return { route: `${route}/resume` };
};
const charge = subscribed('POST', '/charge');
const chargePreview = subscribed('POST', '/charge/preview');
const update = subscribed('PATCH', '', 'each');
const updatePreview = subscribed('PATCH', '/preview', 'each');

/** What each body is sent to, the status of the answer, and where it is a refusal, its code and the field. */
const OUTCOMES: Record<string, [target: Target, status: number, code?: string, field?: string]> = {
  'Adjustments/create_basic': [refundable, 201],
  'Adjustments/create_full': [refundable, 201],
  'Adjustments/create_type_full_internal_tax_mode': [refundable, 201],
  'Adjustments/create_type_full_with_no_items': [refundable, 201],
  'Adjustments/create_type_full_with_null_items': [refundable, 201],
  'Adjustments/create_type_partial_external_tax_mode': [refundable, 201],
  'Adjustments/create_type_partial_internal_tax_mode': [refundable, 201],
  'Adjustments/create_type_partial_with_items': [refundable, 201],
  'CustomerPortalSessions/create_empty': [portal, 201],
  'CustomerPortalSessions/create_multiple': [portal, 201],
  'CustomerPortalSessions/create_single': [portal, 201],
  'Subscriptions/cancel_none': [cancel, 200],
  'Subscriptions/cancel_single': [cancel, 200],
  'Subscriptions/create_one_time_charge_full': [charge, 200],
  'Subscriptions/create_one_time_charge_minimal': [charge, 200],
  'Subscriptions/create_one_time_charge_non_catalog_price': [charge, 200],
  'Subscriptions/create_one_time_charge_non_catalog_price_and_product': [charge, 200],
  'Subscriptions/pause_full': [pause, 400, 'invalid_field', 'resume_at'], // 9 October lies before the end of the period
  'Subscriptions/pause_none': [pause, 200],
  'Subscriptions/pause_resume_existing_billing_period': [pause, 200],
  'Subscriptions/pause_resume_new_billing_period': [pause, 200],
  'Subscriptions/pause_single': [pause, 200],
  'Subscriptions/preview_one_time_charge_full': [chargePreview, 200],
  'Subscriptions/preview_one_time_charge_minimal': [chargePreview, 200],
  'Subscriptions/preview_one_time_charge_non_catalog_price': [chargePreview, 200],
  'Subscriptions/preview_one_time_charge_non_catalog_price_and_product': [chargePreview, 200],
  'Subscriptions/preview_update_full': [updatePreview, 200],
  'Subscriptions/preview_update_full_operation_models': [updatePreview, 200],
  'Subscriptions/preview_update_non_catalog_product_with_nulls': [updatePreview, 200],
  'Subscriptions/preview_update_partial': [updatePreview, 200],
  'Subscriptions/preview_update_single': [updatePreview, 200],
  'Subscriptions/resume_existing_billing_period': [resume, 200],
  'Subscriptions/resume_new_billing_period': [resume, 200],
  'Subscriptions/resume_none': [resume, 400, 'invalid_field', 'effective_from'], // it is required
  'Subscriptions/resume_single_as_date': [resume, 200],
  'Subscriptions/resume_single_as_enum': [resume, 200],
  'Subscriptions/update_full': [update, 200],
  'Subscriptions/update_full_operation_models': [update, 200],
  'Subscriptions/update_non_catalog_product_with_nulls': [update, 400, 'subscription_no_recurring_items_remain'], // its only price is charged once
  'Subscriptions/update_partial': [update, 200],
  'Subscriptions/update_single': [update, 200],
  'Transactions/create_basic': [creating, 201],
  'Transactions/create_manual': [creating, 201],
  'Transactions/create_with_multiple_non_catalog_price_and_product': [creating, 201],
  'Transactions/create_with_non_catalog_price': [creating, 201],
  'Transactions/create_with_non_catalog_price_and_product': [creating, 201],
  'Transactions/create_with_noncatalog_discount_full': [creating, 201],
  'Transactions/create_with_noncatalog_discount_minimal': [creating, 201],
  'Transactions/preview_basic': [previewing, 200],
  'Transactions/preview_with_basic_non_catalog_price': [previewing, 200],
  'Transactions/preview_with_multiple_non_catalog_price_and_product': [previewing, 200],
  'Transactions/preview_with_non_catalog_price': [previewing, 200],
  'Transactions/preview_with_non_catalog_price_and_product': [previewing, 200],
  'Transactions/preview_with_noncatalog_discount_full': [previewing, 200],
  'Transactions/preview_with_noncatalog_discount_minimal': [previewing, 200],
  'Transactions/revise_basic': [completed, 200],
  'Transactions/revise_customer': [completed, 200],
  'Transactions/revise_full': [completed, 200],
  'Transactions/update_partial': [ready, 200],
  'Transactions/update_single': [ready, 200],
  'Transactions/update_with_catalog_price': [ready, 200],
  'Transactions/update_with_non_catalog_price': [ready, 200],
  'Transactions/update_with_non_catalog_price_and_product': [ready, 200],
  'Transactions/update_with_noncatalog_discount_full': [ready, 200],
  'Transactions/update_with_noncatalog_discount_minimal': [ready, 200],
};

it('says of every request body what becomes of it', () => {
  expect(Object.keys(OUTCOMES).sort()).toEqual(FILES.toSorted());
});

it.each(Object.entries(OUTCOMES))('%s', async (file, [target, status, code, field]) => {
  const { route, ids = {} } = await target();
  const text = readFileSync(join(FOLDER, file.replace('/', '/request/') + '.json'), 'utf8');
  const { error, ...answer } = await paddle.call(route, withIds(text, ids));
  const found = { status: answer.status, code: error?.code, field: error?.errors?.[0]?.field };
  expect({ ...found, because: error?.detail }).toEqual({ status, code, field, because: code && error?.detail });
});

function withIds(text: string, ids: Ids): string {
  const places = new Map<string, string>();
  const taken: Record<string, number> = {};
  return text.replaceAll(/"([a-z]+)_[a-z\d]{26}"/g, (id, prefix: string) => {
    if (!places.has(id)) {
      const index = taken[prefix] ?? 0;
      taken[prefix] = index + 1;
      places.set(id, ids[prefix]?.[index] ? `"${ids[prefix][index]}"` : id);
    }
    return places.get(id)!;
  });
}
