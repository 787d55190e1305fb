export type { DeliverySettings, Settled } from './deliveries';
export type { DestinationChange, DestinationEntity, DestinationInput, TrafficSource } from './destination';
export { EVENT_TYPES, type EventType } from './event-types';
export { FAULT_NAMES, type FaultName, type WebhookFaults } from './faults';
export {
  deliveryLogs,
  isPending,
  notificationEntity,
  type DeliveryLogEntity,
  type Notification,
  type NotificationEntity,
  type NotificationStatus,
} from './notification';
export { Webhooks, type SavedWebhooks } from './webhooks';
