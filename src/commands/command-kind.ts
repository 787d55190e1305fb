import type { BillingProvider, CallOptions, EntityAnswer } from '../provider';
import type { CommandRow } from './read-models/commands';

/** What the provider has to be told, or asked again, of a wish. */
export type KnownWish = Pick<NonNullable<CommandRow['wish']>, 'subject' | 'details' | 'customerId' | 'wishedAt'>;

/** How one kind of wish is put to the provider, and how the provider's state tells whether it came true. */
export interface CommandKind {
  /** Event type of what the provider shows: `subscription.observed`, `transaction.observed`. */
  observed: string;
  call(provider: BillingProvider, wish: KnownWish, commandId: string, options: CallOptions): Promise<EntityAnswer<Observed>>;
  /** Reads the provider's state: what shows that the wish came true, or null when it did not. Changes nothing. */
  find(
    provider: BillingProvider,
    wish: KnownWish,
    commandId: string,
    options: CallOptions,
  ): Promise<EntityAnswer<Observed> | null>;
}

export interface Observed {
  id: string;
  customerId: string | null;
}

/** By the event type of the wish. */
export type CommandKinds = Record<string, CommandKind>;
