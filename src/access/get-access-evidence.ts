import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { CustomerLink } from '../customers';
import { eventRef, LedgerReader, type FoldableEvent } from '../ledger';
import type { Environment } from '../platform/environment';
import { ProjectionRegistry } from '../projections';
import type { BillingFact } from '../provider';
import type { ProductAccess } from './decide-access';
import { subscriptionEvidence, type Evidence, type LocatedFact } from './explain-access';
import { UserAccess } from './user-access';

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
    const { links, sources } = await this.access.of(environment, userId);
    const subscription = sources.subscriptions.find(({ id }) => id === product.source!.id);
    const link = links.find(({ customerId }) => customerId === subscription?.customerId);
    const linkEvidence = link ? await this.evidenceOfLink(environment, link) : [];
    const events = await this.ledger.readStream(environment, `paddle:${product.source.id}`, LONGEST_STREAM);
    return [
      ...linkEvidence,
      ...subscriptionEvidence(
        events.flatMap((event) => this.locate(event) ?? []),
        product.productId,
      ),
    ];
  }

  private async evidenceOfLink(environment: Environment, { customerId, claim }: CustomerLink): Promise<Evidence[]> {
    const events = await this.ledger.readEvents(environment, [claim.eventId]);
    return events.map((event) => ({
      ...located(event),
      effect: `the checkout said that customer ${customerId} is user ${claim.userId}`,
    }));
  }

  private locate(event: FoldableEvent): LocatedFact | null {
    const fact = this.registry.read(event).fact as BillingFact | null;
    if (fact?.kind !== 'subscription_observed') return null;
    return { ref: eventRef(event), position: event.position, eventType: event.type, fact };
  }
}

function located(event: FoldableEvent): Omit<Evidence, 'effect'> {
  const { position, eventId, type, occurredAt } = event;
  return { ref: eventRef(event), position, eventId, eventType: type, occurredAt };
}
