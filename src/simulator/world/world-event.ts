import type { Micros } from './time';

/** Something that happened in the world, as Paddle's event log keeps it. */
export interface WorldEvent {
  id: string;
  /** `subscription.updated` and so on. */
  type: string;
  occurredAt: Micros;
  /** The entity after the change, as JSON text: fixed when it happened. */
  data: string;
}
