import type { FastifyInstance } from 'fastify';
import type { Engine } from '../engine';
import { applyCode, identify, payWith, type Buyer } from '../world/checkout';
import { discountByCode, usableDiscount } from '../world/discounts';
import type { Transaction } from '../world/money-entities';
import { createTransaction } from '../world/new-transaction';
import { cardOf } from '../world/payments';
import { previewTransaction } from '../world/preview';
import { Random } from '../world/random';
import { SimulatorError } from '../world/simulator-error';
import { isOpen } from '../world/transactions';
import type { World } from '../world/world';
import { CHECKOUT_PAY, CHECKOUT_PREVIEW, PURCHASE } from './bodies';
import { checkoutPage, USUAL_COUNTRY } from './checkout-page';
import { payLabel, summary } from './checkout-summary';
import { sendPage } from './page';

interface PayBody extends Partial<Buyer> {
  code?: string;
  card: string;
}

/** The answer to "Pay". */
interface PayAnswer {
  paid: boolean;
  status: string;
  transactionId: string;
  subscriptionId: string | null;
  message: string;
}

export function checkout(fastify: FastifyInstance, engine: Engine): void {
  fastify.get<{ Querystring: Record<string, string | string[] | undefined> }>('/checkout', ({ query }, reply) => {
    const page = engine.act((world) => {
      const transaction = world.find(world.tables.transactions, [query._ptxn].flat()[0] ?? '');
      const customer = world.tables.customers.get(transaction.customer_id ?? '') ?? null;
      const address = world.tables.addresses.get(transaction.address_id ?? '') ?? null;
      const details =
        address || !isOpen(transaction) ? transaction.details : priced(world, transaction, USUAL_COUNTRY, null).details;
      return checkoutPage({ transaction, customer, address, details, successUrl: webAddress([query.success_url].flat()[0]) });
    });
    return sendPage(reply, page);
  });
  fastify.post<{ Body: { priceId: string; quantity?: number; userId?: string } }>(
    '/_checkout',
    { schema: { body: PURCHASE } },
    ({ body }, reply) => {
      const { priceId, quantity = 1, userId } = body;
      const request = { items: [{ price_id: priceId, quantity }], ...(userId && { custom_data: { user_id: userId } }) };
      const { id, checkout } = engine.act((world) => createTransaction(world, request, 'web'));
      return reply.status(201).send({ transactionId: id, url: checkout?.url ?? null });
    },
  );
  fastify.post<{ Params: { id: string }; Body: PayBody }>('/_checkout/:id', { schema: { body: CHECKOUT_PAY } }, (request) =>
    engine.act((world) => buy(world, world.find(world.tables.transactions, request.params.id), request.body)),
  );
  fastify.post<{ Params: { id: string }; Body: { country: string; code?: string } }>(
    '/_checkout/:id/preview',
    { schema: { body: CHECKOUT_PREVIEW } },
    ({ params, body }) => engine.act((world) => preview(world, world.find(world.tables.transactions, params.id), body)),
  );
}

/** "Pay", pressed twice, pays once: what is paid already is answered as such. */
function buy(world: World, transaction: Transaction, { code, card, ...buyer }: PayBody): PayAnswer {
  if (transaction.status === 'paid' || transaction.status === 'completed') return answerOf(transaction, true);
  if (isInvoice(transaction))
    throw new SimulatorError('transaction_immutable', 'This is an invoice, to be paid by wire transfer');
  if (transaction.subscription_id === null) {
    const { email = '', name = '', country = 'US', postalCode = null } = buyer;
    identify(world, transaction, { email, name, country, postalCode });
    if (code && !hasCode(world, transaction, code)) applyCode(world, transaction, code);
  }
  const holder = world.tables.customers.get(transaction.customer_id ?? '')?.name ?? buyer.name ?? '';
  const { paid } = payWith(world, transaction, cardOf(card, holder));
  return answerOf(transaction, paid);
}

function answerOf({ id, status, subscription_id: subscriptionId }: Transaction, paid: boolean): PayAnswer {
  const what = subscriptionId ? `${id}, subscription ${subscriptionId}` : id;
  const message = paid ? `Paid: transaction ${what}.` : 'The card was declined. Nothing was paid; try another one.';
  return { paid, status, transactionId: id, subscriptionId, message };
}

function preview(world: World, transaction: Transaction, { country, code }: { country: string; code?: string }) {
  if (!isOpen(transaction)) throw new SimulatorError('transaction_immutable', `The transaction is ${transaction.status}`);
  const { items, details } = priced(world, transaction, country, code ? discountIdOf(world, code) : null);
  const shown = { origin: transaction.origin, items };
  return { summary: summary(shown, details).text, pay: payLabel(shown, details) };
}

/** What it would come to, in another country or with another discount. Looking changes nothing, not even what chance brings next. */
function priced(world: World, transaction: Transaction, country: string, discountId: string | null) {
  const chance = world.random.save();
  try {
    return previewTransaction(world, {
      items: transaction.items.map(({ price, quantity }) => ({ price_id: price.id, quantity })),
      address: { country_code: country },
      discount_id: discountId ?? transaction.discount_id,
      ...(transaction.origin !== 'web' && { currency_code: transaction.currency_code }),
    });
  } finally {
    world.random = new Random(chance);
  }
}

function discountIdOf(world: World, code: string): string {
  const discount = discountByCode(world, code);
  if (!discount?.enabled_for_checkout) throw new SimulatorError('transaction_discount_not_found', 'That code is not known');
  return usableDiscount(world, discount.id).id;
}

function hasCode(world: World, { discount_id: id }: Transaction, code: string): boolean {
  return id !== null && discountByCode(world, code)?.id === id;
}

function isInvoice({ collection_mode: mode, billing_details: details }: Transaction): boolean {
  return mode === 'manual' && !details?.enable_checkout;
}

/** A link to anything else than a web page could run in ours. */
function webAddress(text = ''): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === 'http:' || protocol === 'https:' ? href : null;
}
