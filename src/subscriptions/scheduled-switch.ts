import { parseInstant, type Instant } from '../platform/instant';
import type { OrderedItem } from '../provider';
import type { Subscription } from './subscription';

/** A change of items that waits for the end of the period. Paddle cannot: it would change the items at once (DESIGN 6). */
export interface ScheduledSwitch {
  commandId: string;
  /** What the subscription shall have then. */
  items: OrderedItem[];
  /** What it had when the switch was scheduled. */
  basedOn: OrderedItem[];
}

/** The provider locks a subscription half an hour before it renews; the switch is made shortly before that. */
const BEFORE_RENEWAL_MS = 35 * 60_000;

export function itemsOf({ items }: Pick<Subscription, 'items'>): OrderedItem[] {
  return items.map(({ priceId, quantity }) => ({ priceId, quantity }));
}

export function sameItems(a: OrderedItem[], b: OrderedItem[]): boolean {
  const inOrder = (items: OrderedItem[]) =>
    items
      .map(({ priceId, quantity }) => `${priceId} ${quantity}`)
      .sort(byText)
      .join();
  return inOrder(a) === inOrder(b);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether the switch still means what it meant: the subscription runs on with the items that it was scheduled on. */
export function stillStands({ basedOn }: ScheduledSwitch, subscription: Subscription): boolean {
  const { status, scheduledChange } = subscription;
  const renews = status !== 'canceled' && status !== 'paused' && scheduledChange === null && switchAt(subscription) !== null;
  return renews && sameItems(basedOn, itemsOf(subscription));
}

/** When the items have to be changed so that the next bill is the first with them; null while nothing is billed next. */
export function switchAt({ nextBilledAt }: Pick<Subscription, 'nextBilledAt'>): Instant | null {
  const at = nextBilledAt && parseInstant(nextBilledAt);
  if (!at) return null;
  return parseInstant(new Date(Date.parse(at) - BEFORE_RENEWAL_MS).toISOString());
}
