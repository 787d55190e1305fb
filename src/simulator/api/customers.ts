import {
  changeCustomer,
  createAddress,
  createBusiness,
  createCustomer,
  type NewAddress,
  type NewBusiness,
  type NewCustomer,
} from '../world/customers';
import type { Address, Business, Customer } from '../world/entities';
import type { PaymentMethod } from '../world/money-entities';
import { removePaymentMethod } from '../world/payments';
import { SimulatorError } from '../world/simulator-error';
import { HOUR, instantOf } from '../world/time';
import type { World } from '../world/world';
import type { Listing } from './listing';
import type { Asked, Routes } from './request';
import { ADDRESS_CREATE, BUSINESS_CREATE, CUSTOMER_CREATE, CUSTOMER_UPDATE, NO_BODY, PORTAL_SESSION } from './schemas';

const CUSTOMERS: Listing<Customer> = {
  perPage: [50, 200],
  filters: { id: ({ id }) => id, email: ({ email }) => email, status: ({ status }) => status },
  defaults: { status: 'active' },
  order: { id: ({ id }) => id },
  others: ['search'],
};

const OWNED: Listing<Address & Business> = {
  perPage: [50, 200],
  filters: { id: ({ id }) => id, status: ({ status }) => status },
  defaults: { status: 'active' },
  order: { id: ({ id }) => id },
  others: ['search'],
};

const METHODS: Listing<PaymentMethod> = {
  perPage: [50, 200],
  filters: {},
  order: { id: ({ id }) => id },
  others: ['supports_checkout'],
};

export function customerRoutes(routes: Routes, baseUrl: () => string): void {
  routes.list('GET /customers', CUSTOMERS, (world, { query }) => searched(world, query.search));
  routes.on('GET /customers/:id', NO_BODY, (world, asked: Asked) => of(world, asked));
  routes.on<NewCustomer>('POST /customers', CUSTOMER_CREATE, (world, { body }) => createCustomer(world, body), 201);
  routes.on<Partial<Customer>>('PATCH /customers/:id', CUSTOMER_UPDATE, (world, asked) => {
    const customer = of(world, asked);
    changeCustomer(world, customer, asked.body);
    return customer;
  });
  routes.list('GET /customers/:id/addresses', OWNED as unknown as Listing<Address>, (world, asked) =>
    owned(world.tables.addresses, world, asked),
  );
  routes.on<NewAddress>(
    'POST /customers/:id/addresses',
    ADDRESS_CREATE,
    (world, asked) => createAddress(world, of(world, asked).id, asked.body),
    201,
  );
  routes.list('GET /customers/:id/businesses', OWNED as unknown as Listing<Business>, (world, asked) =>
    owned(world.tables.businesses, world, asked),
  );
  routes.on<NewBusiness>(
    'POST /customers/:id/businesses',
    BUSINESS_CREATE,
    (world, asked) => createBusiness(world, of(world, asked).id, asked.body),
    201,
  );
  routes.on('GET /customers/:id/credit-balances', NO_BODY, (world, asked: Asked) => balancesOf(world, of(world, asked)));
  routes.list(
    'GET /customers/:id/payment-methods',
    METHODS,
    (world, asked) => owned(world.tables.paymentMethods, world, asked),
    withCard,
  );
  routes.on(
    'DELETE /customers/:id/payment-methods/:method',
    NO_BODY,
    (world, asked: Asked) => {
      const method = owned(world.tables.paymentMethods, world, asked).find(({ id }) => id === asked.params.method);
      if (!method) throw new SimulatorError('not_found', `Entity ${asked.params.method} not found`);
      removePaymentMethod(world, method.id, 'api');
    },
    204,
  );
  routes.on<{ subscription_ids?: string[] | null }>(
    'POST /customers/:id/portal-sessions',
    PORTAL_SESSION,
    (world, asked) => portalSession(world, of(world, asked), asked.body.subscription_ids ?? [], baseUrl()),
    201,
  );
  routes.on('POST /customers/:id/auth-token', NO_BODY, (world, asked: Asked) => ({
    customer_auth_token: `pca_${of(world, asked).id.slice(4)}_${world.id('tok').slice(4)}`,
    expires_at: instantOf(world.now + HOUR),
  }));
}

function of(world: World, { params }: { params: Record<string, string> }): Customer {
  return world.find(world.tables.customers, params.id!);
}

function* searched({ tables }: World, search = ''): Iterable<Customer> {
  const wanted = search.toLowerCase();
  for (const customer of tables.customers.values()) {
    if ([customer.id, customer.email, customer.name ?? ''].some((text) => text.toLowerCase().includes(wanted))) yield customer;
  }
}

function owned<Entity extends { customer_id: string }>(table: Map<string, Entity>, world: World, asked: Asked): Entity[] {
  const { id } = of(world, asked);
  return [...table.values()].filter(({ customer_id: owner }) => owner === id);
}

/** Only the API shows the card (REFERENCE 2.8). */
function withCard(world: World, method: PaymentMethod) {
  return { ...method, card: world.tables.cards.get(method.id)?.details ?? null, paypal: null };
}

function balancesOf({ tables }: World, { id }: Customer) {
  return [...tables.balances].flatMap(([key, amount]) => {
    const [owner, currency] = key.split(' ');
    const balance = { available: amount, reserved: '0', used: '0' };
    return owner === id ? [{ customer_id: id, currency_code: currency, balance }] : [];
  });
}

function portalSession(world: World, customer: Customer, subscriptionIds: string[], baseUrl: string) {
  const token = world.id('pga');
  const overview = `${baseUrl}/portal/${customer.id}?token=${token}`;
  const subscriptions = subscriptionIds.map((id) => {
    const subscription = world.find(world.tables.subscriptions, id);
    if (subscription.customer_id !== customer.id) throw new SimulatorError('not_found', `Entity ${id} not found`);
    const idle = ['paused', 'canceled'].includes(subscription.status);
    const link = (action: string) => (idle ? overview : `${baseUrl}/portal/subscriptions/${id}/${action}?token=${token}`);
    return { id, cancel_subscription: link('cancel'), update_subscription_payment_method: link('update-payment-method') };
  });
  return {
    id: world.id('cpls'),
    customer_id: customer.id,
    urls: { general: { overview }, subscriptions },
    created_at: world.instant(),
  };
}
