import { decideRefund } from './adjustments';
import { live } from './crowd';
import { fallPastDue, timeIsUp } from './renewals';
import type { Micros } from './time';
import { announceStatus } from './transactions';
import type { World } from './world';

/**
 * Lets everything happen that falls due until then, in order of time.
 * @param enough stops early once so many events wait to be taken, so that a year need not fit into memory
 * @returns whether that moment has been reached
 */
export function passTime(world: World, until: Micros, enough = Infinity): boolean {
  for (let due = nextDue(world, until); due; due = nextDue(world, until)) {
    world.now = Math.max(world.now, due.at);
    world.tables.agenda.delete(due.key);
    happen(world, due.key, due.at);
    if (world.waiting >= enough) return false;
  }
  world.now = Math.max(world.now, until);
  return true;
}

function nextDue(world: World, until: Micros): { key: string; at: Micros } | null {
  let found: { key: string; at: Micros } | null = null;
  for (const [key, at] of world.tables.agenda) {
    if (at <= until && (found === null || at < found.at)) found = { key, at };
  }
  return found;
}

function happen(world: World, key: string, at: Micros): void {
  const [kind, id] = key.split(' ') as [string, string];
  if (kind === 'subscription') return timeIsUp(world, world.find(world.tables.subscriptions, id), at);
  if (kind === 'person') return live(world, id);
  if (kind === 'adjustment') return decideRefund(world, world.find(world.tables.adjustments, id), 'approved');
  invoiceOverdue(world, id);
}

/** The terms of an invoice have elapsed without a payment: its subscription is past due too, if it is running. */
function invoiceOverdue(world: World, id: string): void {
  const transaction = world.find(world.tables.transactions, id);
  const subscription = transaction.subscription_id ? world.tables.subscriptions.get(transaction.subscription_id) : undefined;
  if (transaction.status !== 'billed') return;
  if (subscription?.status === 'active' || subscription?.status === 'trialing') fallPastDue(world, subscription, transaction);
  else announceStatus(world, transaction, 'past_due');
}
