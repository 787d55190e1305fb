import { PaddleProvider } from '../../src/provider/paddle/paddle-provider';
import { startSimulator } from '../../src/simulator';
import { closeTestClients, testClient, TEST_TIME } from '../support/paddle/client';
import { describeBillingProvider, type AdapterUnderTest, type ProviderWorld } from './billing-provider';

const PATIENCE = 10_000; // requests a minute: the contract is not about limits

/** The adapter for Paddle, on the simulator and over the wire. */
async function onSimulator(): Promise<AdapterUnderTest> {
  const simulator = await startSimulator({
    port: 0,
    seed: 'contract',
    clock: { mode: 'frozen', at: TEST_TIME },
    requestsPerMinute: PATIENCE,
  });
  const account = { requestsPerMinute: PATIENCE };
  const impatience = { ordinary: { headersMs: 300, totalMs: 300 } };
  return {
    provider: new PaddleProvider(testClient(simulator.url, { account }).client),
    impatient: new PaddleProvider(testClient(simulator.url, { account, settings: impatience }).client),
    world: await worldOf(simulator.url),
    async close() {
      await closeTestClients();
      await simulator.stop();
    },
  };
}

async function worldOf(url: string): Promise<ProviderWorld> {
  const control = async (path: string, body: object) => {
    const response = await fetch(`${url}/_control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const plans = await plansOf(url);
  return {
    plans,
    discountCode: 'ROW10',
    signup: () => control('scenarios/signup', { priceId: plans[0] }) as ReturnType<ProviderWorld['signup']>,
    advance: async (by) => void (await control('clock/advance', { by })),
    forgetToAnswerACancellation: async () => {
      const match = { method: 'POST', path: '/subscriptions/*/cancel' };
      await control('faults', { api: { timeoutAfter: 1, serverError: 0 }, times: 1, match });
    },
    failOnce: async () => {
      const match = { method: 'GET', path: '/subscriptions/*' };
      await control('faults', { api: { timeoutAfter: 0, serverError: 1 }, times: 1, match });
    },
  };
}

/** By what they cost: the demo catalog's monthly plans. */
async function plansOf(url: string): Promise<[string, string]> {
  const provider = new PaddleProvider(testClient(url).client);
  const prices: {
    id: string;
    billing_cycle: { interval: string } | null;
    trial_period: unknown;
    unit_price: { amount: string };
  }[] = [];
  for await (const page of provider.prices({}, { priority: 'user' })) {
    prices.push(...page.entities().map((entity) => JSON.parse(entity.toString()) as (typeof prices)[number]));
  }
  const plan = (amount: string) =>
    prices.find((one) => one.billing_cycle?.interval === 'month' && !one.trial_period && one.unit_price.amount === amount)!.id;
  return [plan('1200'), plan('3000')];
}

describeBillingProvider('Paddle', onSimulator);
