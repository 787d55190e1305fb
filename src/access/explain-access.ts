import { parseInstant } from '../platform/instant';
import type { SubscriptionObserved, SubscriptionSnapshot } from '../provider';

/** What an event says, and where it is in the ledger. */
export interface LocatedFact<Fact> {
  ref: string;
  position: number;
  eventType: string;
  fact: Fact;
}

/** One ledger event that led to an answer. */
export interface Evidence {
  ref: string;
  position: number;
  eventId: string;
  eventType: string;
  occurredAt: string;
  /** What it changed, in a sentence. */
  effect: string;
}

/**
 * The events of a subscription that changed what it gives for one product, in the order in which they happened. Pure.
 * Events that arrived late stand where they belong; repetitions and other changes are left out.
 */
export function subscriptionEvidence(located: LocatedFact<SubscriptionObserved>[], productId: string): Evidence[] {
  const inOrder = [...located].sort((a, b) => (a.fact.watermark < b.fact.watermark ? -1 : 1));
  let before: SubscriptionSnapshot | null = null;
  const evidence: Evidence[] = [];
  for (const { ref, position, eventType, fact } of inOrder) {
    const effects = effectsOf(before, fact.subscription, productId);
    before = fact.subscription;
    if (effects.length === 0) continue;
    evidence.push({ ref, position, eventId: fact.eventId, eventType, occurredAt: fact.occurredAt, effect: effects.join('; ') });
  }
  return evidence;
}

function effectsOf(before: SubscriptionSnapshot | null, after: SubscriptionSnapshot, productId: string): string[] {
  return [
    statusEffect(before?.status, after.status),
    quantityEffect(before && quantityOf(before, productId), quantityOf(after, productId), productId),
    scheduleEffect(before, after),
  ].filter((effect) => effect !== null);
}

function statusEffect(before: string | undefined, after: string): string | null {
  if (before === after) return null;
  return before === undefined ? `the subscription is ${after}` : `the subscription went from ${before} to ${after}`;
}

function quantityEffect(before: number | null, after: number, productId: string): string | null {
  if (before === after || (before === null && after === 0)) return null;
  if (after === 0) return `${productId} is no longer part of it`;
  return before ? `${productId} went from ${before} to ${after}` : `it holds ${after} × ${productId}`;
}

function scheduleEffect(before: SubscriptionSnapshot | null, after: SubscriptionSnapshot): string | null {
  const [from, to] = [before?.scheduledChange ?? null, after.scheduledChange];
  if (from?.action === to?.action && from?.effectiveAt === to?.effectiveAt) return null;
  if (!to) return from && isOver(after.status) ? null : `the scheduled ${from!.action} was removed`;
  return `a ${to.action} is scheduled for ${parseInstant(to.effectiveAt) ?? to.effectiveAt}`;
}

function isOver(status: string): boolean {
  return status === 'canceled' || status === 'paused';
}

function quantityOf({ items }: SubscriptionSnapshot, productId: string): number {
  return items.filter((item) => item.productId === productId).reduce((sum, item) => sum + item.quantity, 0);
}
