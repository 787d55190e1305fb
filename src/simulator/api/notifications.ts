import {
  deliveryLogs,
  EVENT_TYPES,
  notificationEntity,
  type DestinationChange,
  type DestinationInput,
  type Notification,
} from '../webhooks';
import type { Engine } from '../engine';
import { instantOf, microsOf } from '../world/time';
import { RETENTION } from '../world/world';
import type { WorldEvent } from '../world/world-event';
import type { Listing } from './listing';
import type { Asked, Routes } from './request';
import { NO_BODY, SETTING_CREATE, SETTING_UPDATE } from './schemas';

const EVENTS: Listing<WorldEvent> = {
  perPage: [50, 200],
  filters: { event_type: ({ type }) => type },
  order: { id: ({ id }) => id },
  others: ['filter', 'from', 'to'],
};

const NOTIFICATIONS: Listing<Notification> = {
  perPage: [50, 200],
  filters: { notification_setting_id: (one) => one.destinationId, status: ({ status }) => status },
  order: { id: ({ id }) => id },
  others: ['filter', 'search', 'from', 'to'],
};

const SETTINGS: Listing<{ id: string; active: boolean; traffic_source: string }> = {
  perPage: [200, 200],
  filters: { active: ({ active }) => active, traffic_source: ({ traffic_source: source }) => source },
  order: { id: ({ id }) => id },
};

export function notificationRoutes(routes: Routes): void {
  routes.list(
    'GET /events',
    EVENTS,
    (world, { query }) => world.events.filter((event) => event.occurredAt > world.now - RETENTION && wanted(event, query)),
    (_, event) => eventEntity(event),
  );
  routes.on('GET /event-types', NO_BODY, () => EVENT_TYPES);
  routes.on('GET /ips', NO_BODY, () => ({ ipv4_cidrs: ['127.0.0.1/32'] }));
  routes.list(
    'GET /notifications',
    NOTIFICATIONS,
    (_, { query }, engine) => [...engine.webhooks.notifications].filter(({ event }) => wanted(event, query)),
    (_, notification) => notificationEntity(notification),
  );
  routes.on('GET /notifications/:id', NO_BODY, (_, asked: Asked, engine) => notificationEntity(of(engine, asked)));
  routes.list(
    'GET /notifications/:id/logs',
    { perPage: [50, 200], filters: {}, order: { id: ({ id }) => id } },
    (_, asked, engine) => deliveryLogs(of(engine, asked)),
  );
  routes.on(
    'POST /notifications/:id/replay',
    NO_BODY,
    (world, { params }: Asked, { webhooks }) => ({ notification_id: webhooks.deliveries.replay(params.id!, world.now).id }),
    202,
  );
  routes.list('GET /notification-settings', SETTINGS, (_, __, engine) => engine.webhooks.destinations.list());
  routes.on<DestinationInput>(
    'POST /notification-settings',
    SETTING_CREATE,
    (world, { body }, { webhooks }) => webhooks.destinations.create(body, world.now),
    201,
  );
  routes.on('GET /notification-settings/:id', NO_BODY, (_, { params }: Asked, { webhooks }) =>
    webhooks.destinations.get(params.id!),
  );
  routes.on<DestinationChange>('PATCH /notification-settings/:id', SETTING_UPDATE, (_, { params, body }, { webhooks }) =>
    webhooks.destinations.update(params.id!, body),
  );
  routes.on(
    'DELETE /notification-settings/:id',
    NO_BODY,
    (_, { params }: Asked, { webhooks }) => webhooks.destinations.delete(params.id!),
    204,
  );
}

function of({ webhooks }: Engine, { params }: Asked): Notification {
  return webhooks.notifications.get(params.id!);
}

/** `filter` finds any id or email of the payload; `from` and `to` bound the time (REFERENCE 1.8). */
function wanted({ data, occurredAt }: WorldEvent, { filter, search, from, to }: Asked['query']): boolean {
  const text = filter ?? search;
  return (
    (!text || data.includes(JSON.stringify(text))) &&
    (!from || occurredAt >= microsOf(from)) &&
    (!to || occurredAt <= microsOf(to))
  );
}

/** The catch-up feed has no `notification_id` (REFERENCE 1.1). */
function eventEntity({ id, type, occurredAt, data }: WorldEvent) {
  return { event_id: id, event_type: type, occurred_at: instantOf(occurredAt), data: JSON.parse(data) as unknown };
}
