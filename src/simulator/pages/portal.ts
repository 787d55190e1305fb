import type { FastifyInstance } from 'fastify';
import type { Engine } from '../engine';
import { SimulatorError } from '../world/simulator-error';
import { cancel, paymentMethodTransaction } from '../world/subscription-commands';
import { sendPage } from './page';
import { cancelPage, customerPage, paymentMethodPage } from './portal-page';

interface Link {
  Params: { id: string };
  Querystring: { token?: unknown };
}

/** Paddle's customer portal, as far as the links go that its API hands out: see what one has, cancel, replace the card. */
export function portal(fastify: FastifyInstance, engine: Engine): void {
  fastify.get<Link>('/portal/:id', ({ params, query }, reply) => {
    checkToken(query.token);
    const page = engine.act((world) => {
      const customer = world.find(world.tables.customers, params.id);
      const own = [...world.tables.subscriptions.values()].filter(({ customer_id: id }) => id === customer.id);
      return customerPage(customer, own, String(query.token));
    });
    return sendPage(reply, page);
  });
  fastify.get<Link>('/portal/subscriptions/:id/cancel', ({ params, query }, reply) => {
    checkToken(query.token);
    return sendPage(
      reply,
      engine.act((world) => cancelPage(world.find(world.tables.subscriptions, params.id))),
    );
  });
  fastify.get<Link>('/portal/subscriptions/:id/update-payment-method', ({ params, query }, reply) => {
    checkToken(query.token);
    return sendPage(
      reply,
      engine.act((world) => paymentMethodPage(world.find(world.tables.subscriptions, params.id))),
    );
  });
  fastify.post<{ Params: { id: string } }>('/_portal/subscriptions/:id/cancel', ({ params }) =>
    engine.act((world) => {
      const subscription = world.find(world.tables.subscriptions, params.id);
      const atOnce = ['paused', 'past_due'].includes(subscription.status);
      cancel(world, subscription, atOnce ? 'immediately' : 'next_billing_period');
      return { status: subscription.status, scheduledChange: subscription.scheduled_change };
    }),
  );
  fastify.post<{ Params: { id: string } }>('/_portal/subscriptions/:id/update-payment-method', ({ params }) =>
    engine.act((world) => {
      const { id, checkout } = paymentMethodTransaction(world, world.find(world.tables.subscriptions, params.id));
      return { transactionId: id, url: checkout?.url ?? null };
    }),
  );
}

/** The API's links carry one; what it says is not remembered. */
function checkToken(token: unknown): void {
  if (typeof token !== 'string' || !token.startsWith('pga_')) {
    throw new SimulatorError('forbidden', 'Use a link of the API or of a portal session: this one has no token');
  }
}
