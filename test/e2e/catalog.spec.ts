import { request } from 'undici';
import { startSimulator, type Simulator } from '../../src/simulator';
import { demoPriceId } from '../../src/simulator/world/demo-catalog';
import { SOLO_MONTHLY } from '../support/paddle/catalog';
import { Story, type PaddleEvent } from '../support/paddle/story';
import { LIVE_SECRET, SANDBOX_SECRET, TestApp } from '../support/test-app';
import { PaddleControl } from '../support/year/paddle-world';

const SEED = 'a catalog';
const STARTS = '2026-01-10T09:00:00Z';
const API_KEY = 'pdl_sdbx_apikey_01kekj4jz07s25wjvvk5fvat9y_0123456789abcdefghijkl_abc';

let app: TestApp;
let simulator: Simulator;

beforeAll(async () => {
  app = await TestApp.start();
  app.clock.set(STARTS);
  simulator = await startSimulator({
    port: 0,
    seed: SEED,
    clock: { mode: 'frozen', at: STARTS },
    realClock: app.clock,
    webhook: { url: `${app.url}/webhook`, secret: SANDBOX_SECRET },
  });
  await delivered();
});
afterAll(async () => {
  await simulator.stop();
  await TestApp.closeAll();
});

async function delivered(): Promise<void> {
  await new PaddleControl(simulator.url).post('/clock/advance', { by: 'PT1S' });
  await app.caughtUp();
}

/** As a seller does it in Paddle's dashboard. */
async function change(path: string, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
  const answer = await request(`${simulator.url}${path}`, { method: 'PATCH', headers, body: JSON.stringify(body) });
  expect([answer.statusCode, await answer.body.text()]).toEqual([200, expect.anything()]);
  await delivered();
}

interface Shown {
  id: string;
  name: string;
  prices: { id: string; name: string; unitPrice: { amount: string } }[];
}

async function listed(): Promise<Shown[]> {
  const { status, body } = await app.get('/products/list');
  expect(status).toBe(200);
  return (body as { products: Shown[] }).products;
}

async function catalogOf(environment: 'sandbox' | 'live') {
  const { body } = await app.get(`/paddle/${environment}/admin/catalog`, 'admin_1', ['admin']);
  const { products } = body as { products: (Shown & { prices: object[] })[] };
  return products;
}

function signup(label: string): PaddleEvent[] {
  return new Story({ label, userId: 'user_1', startAt: STARTS }).signup([{ price: SOLO_MONTHLY, quantity: 1 }]).take();
}

const month = { interval: 'month', frequency: 1 };
const year = { interval: 'year', frequency: 1 };
const entry = (label: string, name: string, amount: string, rest: object = {}) => ({
  id: demoPriceId(SEED, label),
  name,
  unitPrice: { amount, currency: 'USD' },
  billingCycle: month,
  trialPeriod: null,
  quantity: { min: 1, max: 100 },
  entities: null,
  ...rest,
});
const described = (label: string, name: string, description: string, ...prices: object[]) => ({
  id: expect.stringMatching(/^pro_[a-z\d]{26}$/),
  ref: null,
  name,
  description,
  imageUrl: `https://cdn.example.com/products/${label}.png`,
  prices,
});
const seats = { quantity: { min: 1, max: 500 } };
const one = { quantity: { min: 1, max: 1 } };

it('lists what is on sale', async () => {
  const { body, headers } = await app.get('/products/list');
  expect(body).toEqual({
    products: [
      described(
        'reports',
        'Reports',
        'An addon: scheduled reports by mail.',
        entry('reports-monthly', 'Monthly', '500', one),
        entry('reports-yearly', 'Yearly', '5000', { ...one, billingCycle: year }),
      ),
      described(
        'solo',
        'Rowboat Solo',
        'For one person: all projects, on all devices.',
        entry('solo-monthly', 'Monthly', '1200'),
        entry('solo-trial', 'Monthly, 14 days free', '1200', { trialPeriod: { interval: 'day', frequency: 14 } }),
        entry('solo-yearly', 'Yearly', '12000', { billingCycle: year }),
      ),
      described(
        'team',
        'Rowboat Team',
        'For teams: shared projects, roles, an audit log.',
        entry('team-monthly', 'Monthly (per seat)', '3000', seats),
        entry('team-yearly', 'Yearly (per seat)', '30000', { ...seats, billingCycle: year }),
      ),
      described(
        'handbook',
        'The Rowing Handbook',
        'A book, bought once.',
        entry('handbook', 'One-time', '4900', { billingCycle: null, quantity: { min: 1, max: 10 } }),
      ),
    ],
  });
  expect(headers['ledger-position']).toMatch(/\d/);
});

it('follows what the seller changes', async () => {
  await change(`/prices/${demoPriceId(SEED, 'solo-yearly')}`, { status: 'archived' });
  await change(`/prices/${demoPriceId(SEED, 'solo-monthly')}`, { unit_price: { amount: '1500', currency_code: 'USD' } });
  const [reports, solo] = await listed();
  expect(solo!.prices.map(({ name, unitPrice }) => [name, unitPrice.amount])).toEqual([
    ['Monthly', '1500'],
    ['Monthly, 14 days free', '1200'],
  ]);
  await change(`/products/${reports!.id}`, { status: 'archived' });
  expect((await listed()).map(({ name }) => name)).toEqual(['Rowboat Solo', 'Rowboat Team', 'The Rowing Handbook']);
  await change(`/products/${reports!.id}`, { status: 'active', name: 'Briefings' });
  expect((await listed())[0]!.name).toBe('Briefings');
});

it('shows admins everything, archived prices and those made for one sale too', async () => {
  const [, solo] = await catalogOf('sandbox');
  const data = { id: 'pri_for_one', product_id: solo!.id, type: 'custom', status: 'active', name: 'For one', unit_price: null };
  const event = { event_id: 'evt_for_one', event_type: 'price.created', occurred_at: STARTS, notification_id: 'ntf_1', data };
  await app.play([event]);
  const prices = (await catalogOf('sandbox')).find(({ id }) => id === solo!.id)!.prices;
  expect(prices.map(({ name }) => name)).toEqual(['For one', 'Monthly', 'Monthly, 14 days free', 'Yearly']);
  expect(prices[1]).toEqual({
    id: demoPriceId(SEED, 'solo-monthly'),
    productId: solo!.id,
    name: 'Monthly',
    description: 'Rowboat Solo, Monthly',
    unitPrice: { amount: '1500', currency: 'USD' },
    unitPriceOverrides: [
      { countryCodes: ['DE', 'FR', 'NL', 'ES', 'IT', 'IE'], unitPrice: { amount: '1100', currency: 'EUR' } },
      { countryCodes: ['JP'], unitPrice: { amount: '1800', currency: 'JPY' } },
    ],
    billingCycle: month,
    trialPeriod: null,
    quantity: { min: 1, max: 100 },
    status: 'active',
    type: 'standard',
    knownFrom: 'itself',
    onSale: true,
    configuration: null,
  });
  expect(prices[3]).toMatchObject({ status: 'archived', onSale: false });
  expect(prices[0]).toMatchObject({ type: 'custom', onSale: false });
});

it('knows a price from a sale, until its own event comes; and keeps the environments apart', async () => {
  await app.play(signup('of live'), { secret: LIVE_SECRET });
  const known = { id: SOLO_MONTHLY.id, knownFrom: 'sale', onSale: true, unitPrice: { amount: '1200', currency: 'USD' } };
  expect(await catalogOf('live')).toMatchObject([{ knownFrom: 'sale', prices: [known] }]);
  expect(JSON.stringify(await catalogOf('sandbox'))).not.toContain(SOLO_MONTHLY.id);
  expect((await listed()).map(({ name }) => name)).toEqual(['Briefings', 'Rowboat Solo', 'Rowboat Team', 'The Rowing Handbook']);

  await app.play(signup('of the sandbox'));
  expect((await listed()).flatMap(({ prices }) => prices.map(({ id }) => id))).toContain(SOLO_MONTHLY.id);
  // It was archived long before.
  const data = { ...SOLO_MONTHLY, status: 'archived' };
  const event = { event_type: 'price.updated', occurred_at: '2025-12-24T00:00:00Z', notification_id: 'ntf_2', data };
  await app.play([{ ...event, event_id: 'evt_archived' }]);
  expect((await listed()).flatMap(({ prices }) => prices.map(({ id }) => id))).not.toContain(SOLO_MONTHLY.id);
});

it('answers while Paddle is down, and admins alone about everything', async () => {
  const before = await listed();
  await simulator.stop();
  expect(await listed()).toEqual(before);
  expect((await app.get('/paddle/sandbox/admin/catalog', 'user_1')).body).toMatchObject({ status: 403, code: 'forbidden' });
  expect((await app.get('/paddle/moon/admin/catalog', 'admin_1', ['admin'])).body).toMatchObject({ code: 'not_found' });
  const { headers } = await app.get('/paddle/live/admin/catalog', 'admin_1', ['admin']);
  expect(headers['ledger-position']).toMatch(/\d/);
  expect(headers['ledger-position']).not.toBe((await app.get('/products/list')).headers['ledger-position']);
});
