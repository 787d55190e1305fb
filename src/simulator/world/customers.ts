import type { Address, Business, CustomData, Customer } from './entities';
import { SimulatorError } from './simulator-error';
import type { World } from './world';

export interface NewCustomer {
  email: string;
  name?: string | null;
  locale?: string;
  custom_data?: CustomData;
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** @throws SimulatorError `customer_already_exists`: an email is unique among active customers */
export function createCustomer(world: World, input: NewCustomer): Customer {
  if (!EMAIL.test(input.email)) throw new SimulatorError('customer_email_invalid', `"${input.email}" is not an email address`);
  const known = customerByEmail(world, input.email);
  if (known) {
    const detail = `customer email conflicts with customer of id ${known.id}`;
    throw new SimulatorError('customer_already_exists', detail);
  }
  const customer: Customer = {
    id: world.id('ctm'),
    status: 'active',
    custom_data: input.custom_data ?? null,
    name: input.name ?? null,
    email: input.email,
    marketing_consent: false,
    locale: input.locale ?? 'en',
    created_at: world.instant(),
    updated_at: world.instant(),
    import_meta: null,
  };
  world.tables.customers.set(customer.id, customer);
  world.emit('customer.created', customer);
  return customer;
}

export function changeCustomer(world: World, customer: Customer, change: Partial<Customer>): void {
  if (change.email && change.email !== customer.email && customerByEmail(world, change.email)) {
    throw new SimulatorError('customer_already_exists', 'customer email conflicts with another customer');
  }
  Object.assign(customer, change, { updated_at: world.instant() });
  world.emit('customer.updated', customer);
}

export function customerByEmail(world: World, email: string): Customer | null {
  for (const customer of world.tables.customers.values()) {
    if (customer.email === email && customer.status === 'active') return customer;
  }
  return null;
}

export interface NewAddress {
  country_code: string;
  postal_code?: string | null;
  description?: string | null;
  first_line?: string | null;
  second_line?: string | null;
  city?: string | null;
  region?: string | null;
  custom_data?: CustomData;
}

export function createAddress(world: World, customerId: string, input: NewAddress): Address {
  const address: Address = {
    id: world.id('add'),
    customer_id: customerId,
    description: input.description ?? null,
    first_line: input.first_line ?? null,
    second_line: input.second_line ?? null,
    city: input.city ?? null,
    postal_code: input.postal_code ?? null,
    region: input.region ?? null,
    country_code: input.country_code,
    custom_data: input.custom_data ?? null,
    status: 'active',
    created_at: world.instant(),
    updated_at: world.instant(),
    import_meta: null,
  };
  world.tables.addresses.set(address.id, address);
  world.emit('address.created', address);
  return address;
}

export interface NewBusiness {
  name: string;
  company_number?: string | null;
  tax_identifier?: string | null;
  contacts?: { name: string; email: string }[];
  custom_data?: CustomData;
}

export function createBusiness(world: World, customerId: string, input: NewBusiness): Business {
  const business: Business = {
    id: world.id('biz'),
    customer_id: customerId,
    name: input.name,
    company_number: input.company_number ?? null,
    tax_identifier: input.tax_identifier ?? null,
    status: 'active',
    contacts: input.contacts ?? [],
    custom_data: input.custom_data ?? null,
    created_at: world.instant(),
    updated_at: world.instant(),
    import_meta: null,
  };
  world.tables.businesses.set(business.id, business);
  world.emit('business.created', business);
  return business;
}

/** The address in this country that the customer has already, if any. */
export function addressIn(world: World, customerId: string, country: string): Address | null {
  for (const address of world.tables.addresses.values()) {
    if (address.customer_id === customerId && address.country_code === country && address.status === 'active') return address;
  }
  return null;
}
