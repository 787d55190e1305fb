import type { CommandRow } from '../commands';
import type { OrderedItem } from '../provider';
import { WISHES } from './decide-command';
import { stillStands, type ScheduledSwitch } from './scheduled-switch';
import type { Subscription } from './subscription';

/** The switch that a scheduled command is; null when the subscription has changed since, and it means nothing any more. */
export function scheduledSwitchOf(command: CommandRow | null, subscription: Subscription): ScheduledSwitch | null {
  if (command?.wish?.type !== WISHES.switchLater) return null;
  const { items, basedOn } = command.wish.details as { items: OrderedItem[]; basedOn: OrderedItem[] };
  const scheduled = { commandId: command.commandId, items, basedOn };
  return stillStands(scheduled, subscription) ? scheduled : null;
}

/** Shows a switch that we have scheduled as what it is to the user: a change to come. */
export function withSwitch(subscription: Subscription, command: CommandRow | null): Subscription {
  const scheduled = scheduledSwitchOf(command, subscription);
  if (!scheduled || !subscription.nextBilledAt) return subscription;
  return { ...subscription, scheduledChange: { action: 'switch', effectiveAt: subscription.nextBilledAt, resumeAt: null } };
}
