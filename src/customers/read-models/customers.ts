import type { Projection } from '../../projections';
import type { CustomerFact, CustomerObserved } from '../../provider';

/** A user that a checkout named for a customer, and the first time it did. */
export interface Claim {
  userId: string;
  claimedAt: string;
  eventId: string;
}

export interface CustomerRow {
  customerId: string;
  email: string | null;
  name: string | null;
  locale: string | null;
  status: string | null;
  /** Of the customer snapshot shown; null while only others have mentioned the customer. */
  watermark: string | null;
  /** Who this customer is among our users: the first claim. */
  userId: string | null;
  /** Earliest first, one for each user named. More than one is a conflict for an admin to look at; it changes nothing. */
  claims: Claim[];
  firstSeenAt: string;
}

/** A browser can name users without end; the earliest ones decide. */
const MAX_CLAIMS = 20;

/** Who a provider's customer is, from the customer's own events and from what checkouts claimed. */
export const customers: Projection<CustomerRow, CustomerFact> = {
  name: 'customers',
  version: 1,
  table: {
    key: 'customerId',
    columns: {
      customerId: 'text',
      email: 'text',
      name: 'text',
      locale: 'text',
      status: 'text',
      watermark: 'text',
      userId: 'text',
      claims: 'jsonb',
      firstSeenAt: 'text',
    },
    indexes: [['userId']],
  },
  handles: ['customer_observed', 'subscription_observed', 'transaction_observed'],
  keysOf: (fact) => (fact.customerId ? [fact.customerId] : []),
  evolve(row, fact, customerId) {
    const seen = withFirstSeen(row ?? unknownCustomer(customerId, fact.occurredAt), fact.occurredAt);
    const claimed = withClaim(seen, fact);
    return fact.kind === 'customer_observed' ? withSnapshot(claimed, fact) : claimed;
  },
};

function unknownCustomer(customerId: string, firstSeenAt: string): CustomerRow {
  const nothing = { email: null, name: null, locale: null, status: null, watermark: null, userId: null };
  return { customerId, ...nothing, claims: [], firstSeenAt };
}

function withFirstSeen(row: CustomerRow, occurredAt: string): CustomerRow {
  return occurredAt < row.firstSeenAt ? { ...row, firstSeenAt: occurredAt } : row;
}

function withSnapshot(row: CustomerRow, fact: CustomerObserved): CustomerRow {
  if (row.watermark !== null && fact.watermark <= row.watermark) return row;
  const { email, name, locale, status, watermark } = fact;
  return { ...row, email, name, locale, status, watermark };
}

/** Keeps the first claim of each user. The minimum of a set does not depend on the order in which it was seen. */
function withClaim(row: CustomerRow, fact: CustomerFact): CustomerRow {
  if (!fact.claimedUserId) return row;
  const claim: Claim = { userId: fact.claimedUserId, claimedAt: fact.occurredAt, eventId: fact.eventId };
  const earlier = row.claims.find(({ userId }) => userId === claim.userId);
  if (earlier && !isEarlier(claim, earlier)) return row;
  const others = row.claims.filter((other) => other !== earlier);
  const claims = [...others, claim].sort((a, b) => (isEarlier(a, b) ? -1 : 1)).slice(0, MAX_CLAIMS);
  return { ...row, claims, userId: claims[0]!.userId };
}

function isEarlier(a: Claim, b: Claim): boolean {
  return a.claimedAt === b.claimedAt ? a.eventId < b.eventId : a.claimedAt < b.claimedAt;
}
