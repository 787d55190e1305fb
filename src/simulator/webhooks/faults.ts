import { SimulatorError } from '../world/simulator-error';
import { chanceOf } from '../world/random';

/** What may go wrong with a notification. */
export const FAULT_NAMES = ['duplicate', 'reorder', 'delay', 'drop', 'badSignature', 'twoSignatures', 'slowConsumer'] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/**
 * How probable each fault is, from 0 to 1, for notifications that are made from now on.
 * - `duplicate`: sent twice, at the same moment or up to half an hour later
 * - `reorder`: goes one to eight places later in the queue
 * - `delay`: its first attempt is two minutes to an hour late
 * - `drop`: never sent, and `failed`, until it is replayed
 * - `badSignature`: the first attempt is signed wrongly
 * - `twoSignatures`: every attempt carries a wrong `h1` beside the good one
 * - `slowConsumer`: the answer to the first well-signed attempt is ignored, as if it had come too late
 */
export type WebhookFaults = Record<FaultName, number>;

export const NO_FAULTS: Readonly<WebhookFaults> = {
  duplicate: 0,
  reorder: 0,
  delay: 0,
  drop: 0,
  badSignature: 0,
  twoSignatures: 0,
  slowConsumer: 0,
};

/** One for all that have none: there are millions of them. */
const NONE: readonly FaultName[] = [];

/** Which faults a notification has: the same for a seed and an id, whatever else was sent before. */
export function faultsOf(seed: string, notificationId: string, faults: WebhookFaults): readonly FaultName[] {
  const found = FAULT_NAMES.filter((name) => faults[name] > 0 && chanceOf(seed, notificationId, name) < faults[name]);
  return found.length > 0 ? found : NONE;
}

/**
 * @param change comes from a request's body, so its names and numbers are checked
 * @throws SimulatorError `bad_request` for a fault that nobody knows, or what is no probability
 */
export function changedFaults(faults: WebhookFaults, change: Partial<WebhookFaults>): WebhookFaults {
  const wrong = Object.entries(change).flatMap(([field, value]) => {
    if (!(FAULT_NAMES as readonly string[]).includes(field)) return [{ field, message: 'is not a webhook fault' }];
    return typeof value === 'number' && value >= 0 && value <= 1 ? [] : [{ field, message: 'must be a number from 0 to 1' }];
  });
  if (wrong.length > 0) throw new SimulatorError('bad_request', 'These are not probabilities of webhook faults', wrong);
  return { ...faults, ...change };
}
