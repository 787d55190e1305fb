import type { Subscription } from '../world/entities';
import { charge, type ChargeRequest } from '../world/immediate-charge';
import { previewCharge, previewUpdate, upcoming } from '../world/preview';
import * as commands from '../world/subscription-commands';
import { updateSubscription, type SubscriptionRequest } from '../world/update-subscription';
import type { World } from '../world/world';
import type { Listing } from './listing';
import type { Asked, Routes } from './request';
import { CANCEL, CHARGE, NO_BODY, PAUSE, RESUME, SUBSCRIPTION_UPDATE } from './schemas';

const LISTING: Listing<Subscription> = {
  perPage: [50, 200],
  filters: {
    id: ({ id }) => id,
    customer_id: ({ customer_id: id }) => id,
    address_id: ({ address_id: id }) => id,
    collection_mode: ({ collection_mode: mode }) => mode,
    price_id: ({ items }) => items.map(({ price }) => price.id),
    scheduled_change_action: ({ scheduled_change: change }) => change?.action,
    status: ({ status }) => status,
  },
  times: { next_billed_at: ({ next_billed_at: at }) => at },
  order: { id: ({ id }) => id },
};

export function subscriptionRoutes(routes: Routes, baseUrl: () => string): void {
  const show = (subscription: Subscription) => withLinks(subscription, baseUrl());
  routes.list(
    'GET /subscriptions',
    LISTING,
    (world) => world.tables.subscriptions.values(),
    (_, one) => show(one),
  );
  routes.on('GET /subscriptions/:id', NO_BODY, (world, asked: Asked) => {
    const subscription = of(world, asked);
    const included = asked.query.include?.split(',') ?? [];
    const more = Object.entries(upcoming(world, subscription)).filter(([name]) => included.includes(name));
    return { ...show(subscription), ...Object.fromEntries(more) };
  });
  const change = <Body>(route: `${'POST' | 'PATCH'} /${string}`, schema: object | null, make: Change<Body>) => {
    routes.on<Body>(route, schema, (world, asked) => {
      make(world, of(world, asked), asked.body);
      return show(of(world, asked));
    });
  };
  change<SubscriptionRequest>('PATCH /subscriptions/:id', SUBSCRIPTION_UPDATE, updateSubscription);
  change<CancelBody>('POST /subscriptions/:id/cancel', CANCEL, (world, one, body) =>
    commands.cancel(world, one, body.effective_from ?? null),
  );
  change<PauseBody>('POST /subscriptions/:id/pause', PAUSE, (world, one, body) =>
    commands.pause(world, one, {
      effectiveFrom: body.effective_from ?? null,
      resumeAt: body.resume_at ?? null,
      onResume: body.on_resume ?? null,
    }),
  );
  change<ResumeBody>('POST /subscriptions/:id/resume', RESUME, (world, one, body) =>
    commands.resume(world, one, body.effective_from, body.on_resume ?? null),
  );
  change('POST /subscriptions/:id/activate', NO_BODY, commands.activate);
  change<ChargeRequest>('POST /subscriptions/:id/charge', CHARGE, charge);
  routes.on<SubscriptionRequest>('PATCH /subscriptions/:id/preview', SUBSCRIPTION_UPDATE, (world, asked) =>
    previewUpdate(world, of(world, asked), asked.body),
  );
  routes.on<ChargeRequest>('POST /subscriptions/:id/charge/preview', CHARGE, (world, asked) =>
    previewCharge(world, of(world, asked), asked.body),
  );
  routes.on('GET /subscriptions/:id/update-payment-method-transaction', NO_BODY, (world, asked: Asked) =>
    commands.paymentMethodTransaction(world, of(world, asked)),
  );
}

type Change<Body> = (world: World, subscription: Subscription, body: Body) => void;

interface CancelBody {
  effective_from?: commands.EffectiveFrom | null;
}

interface PauseBody extends CancelBody {
  resume_at?: string | null;
  on_resume?: commands.OnResume;
}

interface ResumeBody {
  effective_from: string;
  on_resume?: commands.OnResume;
}

function of(world: World, { params }: { params: Record<string, string> }): Subscription {
  return world.find(world.tables.subscriptions, params.id!);
}

/** The API's answers carry links for the customer; webhooks do not (REFERENCE 2.4). */
function withLinks(subscription: Subscription, baseUrl: string) {
  const token = Buffer.from(subscription.id).toString('base64url');
  const link = (action: string) => `${baseUrl}/portal/subscriptions/${subscription.id}/${action}?token=pga_${token}`;
  const manual = subscription.collection_mode === 'manual';
  return {
    ...subscription,
    management_urls: { update_payment_method: manual ? null : link('update-payment-method'), cancel: link('cancel') },
  };
}
