import type { AccessReason, ProductAccess } from './decide-access';
import { explainAnswer } from './explain-answer';

function explained(access: ProductAccess['access'], reason: AccessReason, until: string | null = null): string {
  return explainAnswer({ productId: 'pro_1', access, reason, source: null, until, quantity: 1 }, 'Rowboat');
}

it.each<[ProductAccess['access'], AccessReason, string | null, string]>([
  ['full', 'subscription_active', null, 'You have full access to Rowboat, because your subscription is active.'],
  ['full', 'subscription_active', '2026-05-01T10:00:00.123456Z', 'You have full access to Rowboat until 1 May 2026 at 10:00 UTC, because your subscription is active.'],
  ['full', 'cancellation_scheduled', '2026-05-01T23:59:59Z', 'You have full access to Rowboat until 1 May 2026 at 23:59 UTC; your subscription ends then.'],
  ['full', 'subscription_past_due', null, 'You have full access to Rowboat, although your last payment failed; please update your payment method.'],
  ['full', 'granted', 'someday', 'You have full access to Rowboat until someday, because it was granted to you.'],
  ['read_only', 'subscription_paused', null, 'You can read, but not change, what you have in Rowboat, because your subscription is paused.'],
  ['none', 'purchase_refunded', null, 'Your access to Rowboat has ended, because your purchase was refunded.'],
  ['none', 'no_purchase', null, 'You have not bought Rowboat, nor was it granted to you.'],
])('%s, %s, until %s', (access, reason, until, sentence) => expect(explained(access, reason, until)).toBe(sentence)); // prettier-ignore

const REASONS: AccessReason[] = [
  'subscription_trialing', 'subscription_active', 'subscription_past_due', 'subscription_paused', 'subscription_canceled',
  'cancellation_scheduled', 'subscription_status_unknown', 'purchase_completed', 'purchase_refunded', 'purchase_charged_back',
  'granted', 'no_purchase',
]; // prettier-ignore

it.each(REASONS)('is one whole sentence for every level and %s', (reason) => {
  for (const access of ['full', 'read_only', 'none'] as const)
    expect(explained(access, reason)).toMatch(/^Y[^.]*Rowboat[^.]*\.$/);
});
