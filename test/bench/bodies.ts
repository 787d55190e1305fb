import { createHmac } from 'node:crypto';
import { signatureHeader } from '../../src/provider/paddle';
import { REPORTS_MONTHLY, SOLO_MONTHLY, TEAM_MONTHLY } from '../support/paddle/catalog';
import { Story } from '../support/paddle/story';
import type { PreparedRequest } from './load';
import { WEBHOOK_SECRET } from './oarlock-server';
import { STRIPE_SECRET } from './servers/stripe-sync';

/** Ids of Paddle's begin with the time, and buyers come one after the other. */
const START_MS = Date.UTC(2026, 0, 10);

/** Subscription and transaction webhooks as large as Paddle's, 4 to 12 KB, each with ids of its own. */
export function paddleBodies(count: number, label: string): Buffer[] {
  const bodies: Buffer[] = [];
  for (let buyer = 0; bodies.length < count; buyer++) {
    const items = [
      { price: TEAM_MONTHLY, quantity: 5 },
      { price: REPORTS_MONTHLY, quantity: 1 },
      { price: SOLO_MONTHLY, quantity: 1 },
    ];
    const story = new Story({
      label: `${label} ${buyer}`,
      userId: `user_${buyer}`,
      startAt: new Date(START_MS + 1000 * buyer).toISOString(),
    }).signup(items);
    bodies.push(
      ...story
        .take()
        .flatMap((event) => (/^(customer|address)/.test(event.event_type) ? [] : Buffer.from(JSON.stringify(event, null, 1)))),
    );
  }
  return bodies.slice(0, count);
}

export function signedByPaddle(bodies: Buffer[]): PreparedRequest[] {
  const now = Math.floor(Date.now() / 1000);
  return bodies.map((body) => ({
    method: 'POST',
    path: '/webhook',
    headers: { 'content-type': 'application/json', 'paddle-signature': signatureHeader(body, WEBHOOK_SECRET, now) },
    body,
  }));
}

/** Charges for the peer: as many, as large as the bodies given, signed as Stripe signs. */
export function signedByStripe(like: Buffer[], label: string): PreparedRequest[] {
  const now = Math.floor(Date.now() / 1000);
  return like.map(({ length }, index) => {
    const body = Buffer.from(stripeCharge(`${label}_${index}`, length));
    const v1 = createHmac('sha256', STRIPE_SECRET).update(`${now}.`).update(body).digest('hex');
    return {
      method: 'POST',
      path: '/webhook',
      headers: { 'content-type': 'application/json', 'stripe-signature': `t=${now},v1=${v1}` },
      body,
    };
  });
}

function stripeCharge(id: string, length: number): string {
  const charge = {
    id: `ch_${id}`,
    object: 'charge',
    amount: 2999,
    amount_captured: 2999,
    amount_refunded: 0,
    captured: true,
    created: 1767225600,
    currency: 'usd',
    customer: `cus_${id}`,
    description: 'Subscription update',
    livemode: false,
    paid: true,
    refunded: false,
    status: 'succeeded',
    billing_details: {
      address: { city: 'London', country: 'GB', line1: '1 Thames Path', postal_code: 'SW1A 1AA' },
      email: `${id}@example.com`,
    },
    payment_method_details: {
      card: { brand: 'visa', checks: { cvc_check: 'pass' }, country: 'GB', exp_month: 11, exp_year: 2029, last4: '4242' },
      type: 'card',
    },
    metadata: {} as Record<string, string>,
  };
  const event = {
    id: `evt_${id}`,
    object: 'event',
    api_version: '2025-01-27',
    created: 1767225600,
    type: 'charge.succeeded',
    data: { object: charge },
  };
  for (let n = 0; JSON.stringify(event, null, 1).length < length; n++)
    charge.metadata[`item_${n}`] = `price_${n} for product ${n * 7}, quantity ${n % 5}`;
  return JSON.stringify(event, null, 1);
}
