import type { FastifyInstance } from 'fastify';
import type { ApiFaults } from '../api';
import type { Engine } from '../engine';
import type { WebhookFaults } from '../webhooks';
import { chargeBack, decideRefund, reverseChargeback } from '../world/adjustments';
import type { Assumptions } from '../world/assumptions';
import { laterBy } from '../world/calendar';
import { addCrowd } from '../world/crowd';
import { payInvoice } from '../world/checkout';
import type { CardBehaviour } from '../world/life';
import { SCENARIOS } from '../world/scenarios';
import { SimulatorError } from '../world/simulator-error';
import type { StoryOptions } from '../world/story';
import { instantOf, microsOf } from '../world/time';
import type { World } from '../world/world';

export interface ControlOptions {
  engine: Engine;
  faults: ApiFaults;
}

interface FaultsBody {
  webhooks?: Partial<WebhookFaults> & { tie?: number };
  api?: Record<string, number>;
  times?: number;
  match?: { method?: string; path?: string };
}

/** What Paddle has no route for: its clock, its faults, and what happens to the people in its world (DESIGN 8). */
export function control(fastify: FastifyInstance, { engine, faults }: ControlOptions): void {
  clock(fastify, engine);
  world(fastify, engine);
  fastify.get('/_control/faults', () => faultsNow(engine, faults));
  fastify.post<{ Body: FaultsBody | null }>('/_control/faults', ({ body }) => {
    const { webhooks: { tie, ...webhooks } = {}, api, times, match } = body ?? {};
    if (tie !== undefined) engine.world.tieRate = probability('tie', tie);
    engine.webhooks.setFaults(webhooks);
    if (api || times !== undefined || match) faults.set({ rates: api ?? {}, times: times ?? null, match: match ?? null });
    return faultsNow(engine, faults);
  });
  fastify.post<{ Body: { size?: number; over?: string } | null }>('/_control/crowd', ({ body }) =>
    engine.act((world) => {
      const until = laterBy(world.now, body?.over ?? 'P1Y');
      const { size = 0 } = body ?? {};
      if (until === null || !Number.isInteger(size) || size < 1 || size > 100_000) {
        throw new SimulatorError('bad_request', '"size" is a number of people, "over" a length of time such as "P1Y"');
      }
      addCrowd(world, size, until - world.now);
      return { people: world.tables.people.size };
    }),
  );
  fastify.get('/_control/scenarios', () => ({ scenarios: Object.keys(SCENARIOS) }));
  fastify.post<{ Params: { name: string }; Body: StoryOptions | null }>('/_control/scenarios/:name', ({ params, body }) =>
    engine.tell(params.name, body ?? {}),
  );
  fastify.post<{ Body: { seed?: string } | null }>('/_control/reset', async ({ body }) => {
    await engine.reset(body?.seed);
    faults.reset(engine.world.options.seed);
    return { now: engine.world.instant(), seed: engine.world.options.seed };
  });
}

function clock(fastify: FastifyInstance, engine: Engine): void {
  const shown = () => ({ now: engine.world.instant(), mode: engine.follows ? 'real' : 'frozen' });
  fastify.get('/_control/clock', shown);
  fastify.post<{ Body: { by?: string } | null }>('/_control/clock/advance', ({ body }) =>
    engine.advance((now) => {
      const until = laterBy(now, body?.by ?? '');
      if (until === null) throw new SimulatorError('bad_request', '"by" is a length of time, such as "P1M" or "2 days"');
      return until;
    }),
  );
  fastify.post<{ Body: { to?: string } | null }>('/_control/clock/set', ({ body }) =>
    engine.advance((now) => {
      const until = microsOf(body?.to ?? '');
      if (until < now) throw new SimulatorError('bad_request', `Time goes forward: it is ${instantOf(now)}`);
      return until;
    }),
  );
  fastify.post('/_control/clock/freeze', () => {
    engine.freeze();
    return shown();
  });
  fastify.post('/_control/clock/follow', () => {
    engine.follow();
    return shown();
  });
}

function world(fastify: FastifyInstance, engine: Engine): void {
  fastify.get('/_control/state', () => engine.act(stateOf));
  fastify.get('/_control/assumptions', () => engine.world.assumptions);
  fastify.post<{ Body: Partial<Assumptions> | null }>('/_control/assumptions', ({ body }) => {
    const unknown = Object.keys(body ?? {}).filter((name) => !Object.hasOwn(engine.world.assumptions, name));
    if (unknown.length > 0) throw new SimulatorError('bad_request', `There is no assumption "${unknown.join('", "')}"`);
    Object.assign(engine.world.assumptions, body);
    return engine.world.assumptions;
  });
  fastify.post<{ Params: { id: string; decision: string } }>('/_control/adjustments/:id/:decision', ({ params }) =>
    engine.act((world) => {
      const adjustment = world.find(world.tables.adjustments, params.id);
      if (params.decision === 'reverse') return reverseChargeback(world, adjustment);
      decideRefund(world, adjustment, params.decision === 'approve' ? 'approved' : 'rejected');
      return adjustment;
    }),
  );
  fastify.post<{ Params: { id: string }; Body: { warning?: boolean } | null }>(
    '/_control/transactions/:id/chargeback',
    ({ params, body }) =>
      engine.act((world) =>
        chargeBack(world, world.find(world.tables.transactions, params.id), body?.warning ? 'chargeback_warning' : 'chargeback'),
      ),
  );
  fastify.post<{ Params: { id: string } }>('/_control/transactions/:id/pay', ({ params }) =>
    engine.act((world) => {
      const transaction = world.find(world.tables.transactions, params.id);
      payInvoice(world, transaction);
      return transaction;
    }),
  );
  fastify.post<{ Params: { id: string }; Body: { behaviour: CardBehaviour } }>(
    '/_control/subscriptions/:id/card',
    ({ params, body }) => engine.act((world) => setCard(world, params.id, body.behaviour)),
  );
}

function setCard(world: World, subscriptionId: string, behaviour: CardBehaviour): { behaviour: CardBehaviour } {
  const { paymentMethodId } = world.life(world.find(world.tables.subscriptions, subscriptionId));
  if (!['pays', 'declines', 'declines_later'].includes(behaviour)) throw new SimulatorError('bad_request', 'No such behaviour');
  if (!paymentMethodId) throw new SimulatorError('bad_request', 'The subscription has no payment method');
  world.find(world.tables.cards, paymentMethodId).behaviour = behaviour;
  return { behaviour };
}

/** The world as Paddle's API would show it. */
function stateOf(world: World) {
  const { customers, subscriptions, transactions, adjustments } = world.tables;
  return {
    now: world.instant(),
    customers: [...customers.values()],
    subscriptions: [...subscriptions.values()],
    transactions: [...transactions.values()],
    adjustments: [...adjustments.values()],
  };
}

function faultsNow(engine: Engine, faults: ApiFaults) {
  const { rates, times, match } = faults.current;
  return { webhooks: { ...engine.webhooks.faults, tie: engine.world.tieRate }, api: rates, times, match };
}

function probability(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new SimulatorError('bad_request', `${name} must be a number from 0 to 1`);
}
