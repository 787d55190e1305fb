import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { CustomerLink } from '../customers';
import { eventRef, LedgerReader, type FoldableEvent } from '../ledger';
import type { Environment } from '../platform/environment';
import { ProjectionRegistry } from '../projections';
import type { BillingFact } from '../provider';
import type { ProductConfiguration } from '../settings';
import type { ProductAccess } from './decide-access';
import { subscriptionEvidence, type Evidence, type LocatedFact } from './explain-access';
import { purchaseEvidence, type PurchaseFact } from './explain-purchase';
import { UserAccess, type KnownAccess } from './user-access';

/** Enough for years of a subscription; older events than these are left out of an explanation. */
const LONGEST_STREAM = 500;

/** The ledger events that led to one product's answer. */
export class GetAccessEvidence extends Query<Evidence[]> {
  constructor(
    readonly environment: Environment,
    readonly userId: string,
    readonly product: ProductAccess,
  ) {
    super();
  }
}

@QueryHandler(GetAccessEvidence)
export class GetAccessEvidenceHandler implements IQueryHandler<GetAccessEvidence> {
  constructor(
    private readonly access: UserAccess,
    private readonly ledger: LedgerReader,
    private readonly registry: ProjectionRegistry,
  ) {}

  async execute({ environment, userId, product }: GetAccessEvidence): Promise<Evidence[]> {
    if (!product.source) return [];
    const known = await this.access.of(environment, userId);
    const { type, id } = product.source;
    if (type === 'grant') return this.ofGrant(environment, id, known);
    return type === 'purchase'
      ? this.ofPurchase(environment, product, id, known)
      : this.ofSubscription(environment, product, id, known);
  }

  private async ofSubscription(environment: Environment, product: ProductAccess, id: string, known: KnownAccess) {
    const subscription = known.sources.subscriptions.find((one) => one.id === id);
    const [link, facts, policy] = await Promise.all([
      this.ofLink(environment, known, subscription?.customerId ?? null),
      this.factsOf(environment, [`paddle:${id}`]),
      this.ofPolicy(environment, product, known.configuration),
    ]);
    const observed = facts.flatMap(({ fact, ...place }) => (fact.kind === 'subscription_observed' ? { ...place, fact } : []));
    return [...link, ...subscriptionEvidence(observed, product.productId), ...policy];
  }

  private async ofPurchase(environment: Environment, { productId }: ProductAccess, id: string, known: KnownAccess) {
    const purchase = known.sources.purchases.find((one) => one.id === id);
    const adjustments = purchase?.adjustments.map((one) => `paddle:${one.id}`) ?? [];
    const [link, facts] = await Promise.all([
      this.ofLink(environment, known, purchase?.customerId ?? null),
      this.factsOf(environment, [`paddle:${id}`, ...adjustments]),
    ]);
    const isOfPurchase = (one: LocatedFact<BillingFact>): one is LocatedFact<PurchaseFact> =>
      ['transaction_observed', 'adjustment_observed'].includes(one.fact.kind);
    return [...link, ...purchaseEvidence(facts.filter(isOfPurchase), productId)];
  }

  private async ofGrant(environment: Environment, id: string, { sources }: KnownAccess): Promise<Evidence[]> {
    const grant = sources.grants.find((one) => one.id === id);
    const events = grant ? await this.ledger.readEvents(environment, [grant.eventId]) : [];
    return events.map((event) => ({ ...located(event), effect: `${grant!.quantity} × ${grant!.productId} was granted` }));
  }

  private async ofLink(environment: Environment, { links }: KnownAccess, customerId: string | null): Promise<Evidence[]> {
    const link: CustomerLink | undefined = links.find((one) => one.customerId === customerId);
    const events = link ? await this.ledger.readEvents(environment, [link.claim.eventId]) : [];
    const effect = `the checkout said that customer ${customerId} is user ${link?.claim.userId}`;
    return events.map((event) => ({ ...located(event), effect }));
  }

  /** Where the product's configuration has a say in the answer. */
  private async ofPolicy(
    environment: Environment,
    { productId, reason }: ProductAccess,
    configuration: ProductConfiguration,
  ): Promise<Evidence[]> {
    const { paused, pastDueGraceDays } = configuration.of(productId).access;
    const says =
      reason === 'subscription_paused' && paused === 'read_only'
        ? 'stay readable while a subscription is paused'
        : reason === 'subscription_past_due' && pastDueGraceDays !== null
          ? `stay accessible for ${pastDueGraceDays} days after a payment failed`
          : null;
    if (!says) return [];
    const { events } = await this.ledger.readStreamEnd(environment, 'config:products', 1);
    return events.map((event) => ({ ...located(event), effect: `${productId} is configured to ${says}` }));
  }

  private async factsOf(environment: Environment, streamIds: string[]): Promise<LocatedFact<BillingFact>[]> {
    const streams = await Promise.all(streamIds.map((id) => this.ledger.readStream(environment, id, LONGEST_STREAM)));
    return streams.flat().flatMap((event) => {
      const fact = this.registry.read(event).fact as BillingFact | null;
      return fact ? { ref: eventRef(event), position: event.position, eventType: event.type, fact } : [];
    });
  }
}

function located(event: FoldableEvent): Omit<Evidence, 'effect'> {
  const { position, eventId, type, occurredAt } = event;
  return { ref: eventRef(event), position, eventId, eventType: type, occurredAt };
}
