import { SimulatorError } from '../world/simulator-error';
import { EVENT_TYPES, type EventType } from './event-types';

export type TrafficSource = 'platform' | 'simulation' | 'all';

/** A notification setting as Paddle's API shows it. */
export interface DestinationEntity {
  id: string;
  description: string;
  type: 'url' | 'email';
  destination: string;
  active: boolean;
  api_version: number;
  include_sensitive_fields: boolean;
  subscribed_events: EventType[];
  endpoint_secret_key: string;
  traffic_source: TrafficSource;
}

/** What a request says about a destination. */
export interface DestinationInput {
  description: string;
  type: 'url' | 'email';
  destination: string;
  /** Names of event types, or `*` for every one, also those that nobody has heard of. */
  subscribed_events: string[];
  active?: boolean;
  api_version?: number;
  include_sensitive_fields?: boolean;
  traffic_source?: TrafficSource;
  /** Not in Paddle's API: for the destination that is made when the simulator starts. */
  endpoint_secret_key?: string;
}

export type DestinationChange = Partial<Omit<DestinationInput, 'type'>>;

/** Plain data, as it is kept and saved. */
export interface Destination extends Required<DestinationInput> {
  id: string;
  /** The how-manieth it is. What is seeded hangs on this number: the id holds the time at which it was made. */
  ordinal: number;
}

const ALL_EVENTS = '*';
const KNOWN = new Map(EVENT_TYPES.map((type) => [type.name, type]));

export function destinationEntity(destination: Destination): DestinationEntity {
  const { ordinal: _, subscribed_events: names, ...shown } = destination;
  const types = names.includes(ALL_EVENTS) ? [...EVENT_TYPES] : names.flatMap((name) => KNOWN.get(name) ?? []);
  return { ...shown, subscribed_events: types };
}

/** Whether it is told of what happens. One of type `email` is kept and shown, but the simulator sends no mail. */
export function receives({ active, type, traffic_source, subscribed_events }: Destination, eventType: string): boolean {
  if (!active || type !== 'url' || traffic_source === 'simulation') return false;
  return subscribed_events.includes(eventType) || subscribed_events.includes(ALL_EVENTS);
}

/** @throws SimulatorError `invalid_field`, with every field that is wrong */
export function checkDestination(destination: Destination): void {
  const wrong = Object.entries(CHECKS).flatMap(([field, check]) => {
    const message = check(destination);
    return message === null ? [] : [{ field, message }];
  });
  if (wrong.length > 0) throw new SimulatorError('invalid_field', 'The request does not pass validation', wrong);
}

const CHECKS: Record<string, (destination: Destination) => string | null> = {
  description: ({ description }) => (description ? null : 'is required'),
  type: ({ type }) => oneOf(['url', 'email'], type),
  destination: ({ type, destination }) => (isAddress(type, destination) ? null : `is not a valid ${type}`),
  api_version: ({ api_version }) => (api_version === 1 ? null : 'must be 1'),
  traffic_source: ({ traffic_source }) => oneOf(['platform', 'simulation', 'all'], traffic_source),
  subscribed_events: ({ subscribed_events: names }) => {
    if (!Array.isArray(names) || names.length === 0) return 'must name an event type';
    const unknown = names.filter((name) => name !== ALL_EVENTS && !KNOWN.has(name));
    return unknown.length === 0 ? null : `no such event type: ${unknown.join(', ')}`;
  },
};

function oneOf(allowed: readonly string[], value: string): string | null {
  return allowed.includes(value) ? null : `must be one of ${allowed.join(', ')}`;
}

function isAddress(type: 'url' | 'email', address: string): boolean {
  if (typeof address !== 'string') return false;
  if (type === 'email') return /^[^@\s]+@[^@\s]+$/.test(address);
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}
