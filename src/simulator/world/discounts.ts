import type { Discount } from './entities';
import { SimulatorError } from './simulator-error';
import type { World } from './world';

export interface NewDiscount {
  description: string;
  type: Discount['type'];
  amount: string;
  code?: string | null;
  currency_code?: string | null;
  recur?: boolean;
  maximum_recurring_intervals?: number | null;
  usage_limit?: number | null;
  restrict_to?: string[] | null;
  expires_at?: string | null;
  enabled_for_checkout?: boolean;
  custom_data?: Record<string, unknown> | null;
}

export function createDiscount(world: World, input: NewDiscount, mode: Discount['mode'] = 'standard'): Discount {
  const discount = describedDiscount(world, input, mode);
  world.tables.discounts.set(discount.id, discount);
  if (mode === 'standard') world.emit('discount.created', discount);
  return discount;
}

/** A discount that is not kept: a preview shows what it would do. */
export function describedDiscount(world: World, input: NewDiscount, mode: Discount['mode'] = 'custom'): Discount {
  return {
    id: world.id('dsc'),
    status: 'active',
    description: input.description,
    enabled_for_checkout: input.enabled_for_checkout ?? input.code != null,
    code: input.code ?? null,
    type: input.type,
    mode,
    amount: input.amount,
    currency_code: input.currency_code ?? null,
    recur: input.recur ?? false,
    maximum_recurring_intervals: input.maximum_recurring_intervals ?? null,
    usage_limit: input.usage_limit ?? null,
    restrict_to: input.restrict_to ?? null,
    expires_at: input.expires_at ?? null,
    discount_group_id: null,
    custom_data: input.custom_data ?? null,
    import_meta: null,
    created_at: world.instant(),
    updated_at: world.instant(),
  };
}

/** @throws SimulatorError `transaction_discount_not_found` or `transaction_discount_not_eligible` */
export function usableDiscount(world: World, id: string): Discount {
  const discount = world.tables.discounts.get(id);
  if (!discount) throw new SimulatorError('transaction_discount_not_found', `There is no discount ${id}`);
  const used = [...world.tables.transactions.values()].filter(
    ({ discount_id, status }) => discount_id === id && status === 'completed',
  ).length;
  const spent = discount.usage_limit !== null && used >= discount.usage_limit;
  const expired = discount.expires_at !== null && discount.expires_at <= world.instant();
  if (spent || expired || discount.status !== 'active') {
    throw new SimulatorError('transaction_discount_not_eligible', `The discount ${id} cannot be used any more`);
  }
  return discount;
}

export function discountByCode(world: World, code: string): Discount | null {
  const matches = ({ code: own, status }: Discount) => own?.toLowerCase() === code.toLowerCase() && status === 'active';
  return [...world.tables.discounts.values()].find(matches) ?? null;
}
