import { laterBy } from './calendar';
import { identify, payWith } from './checkout';
import { demoPriceId } from './demo-catalog';
import type { Subscription } from './entities';
import type { Transaction } from './money-entities';
import { createTransaction } from './new-transaction';
import { cardOf, GOOD_CARD } from './payments';
import { SimulatorError } from './simulator-error';
import { passTime } from './time-passes';
import type { World } from './world';

/** What a caller may choose of a story. */
export interface StoryOptions {
  userId?: string;
  priceId?: string;
  quantity?: number;
  country?: string;
}

/** What a story left behind. */
export interface StoryResult {
  userId: string;
  customerId: string;
  subscriptionId: string | null;
  transactionIds: string[];
  adjustmentIds: string[];
}

/** One buyer, to whom things happen. Time that goes by, goes by for the whole world. */
export class Story {
  readonly userId: string;
  readonly name: string;
  email: string;
  private readonly known: Set<string>;
  private readonly transactions: Transaction[] = [];
  private bought: Subscription | null = null;

  constructor(
    readonly world: World,
    readonly options: StoryOptions,
  ) {
    this.userId = options.userId ?? world.id('user');
    this.email = `${this.userId.replaceAll(/[^\w.-]/g, '-').toLowerCase()}@example.com`;
    this.name = `Robin ${this.userId.slice(-6)}`;
    this.known = new Set(world.tables.transactions.keys());
  }

  get subscription(): Subscription {
    if (!this.bought) throw new SimulatorError('bad_request', 'There is no subscription in this story yet');
    return this.bought;
  }

  /** The newest transaction of the story that is paid. */
  get lastPaid(): Transaction {
    return this.all().findLast(({ status, details }) => status === 'completed' && details.totals.grand_total !== '0')!;
  }

  /** A price of the demo catalog by its label. */
  price(label: string): string {
    return demoPriceId(this.world.options.seed, label);
  }

  after(length: string): this {
    passTime(this.world, laterBy(this.world.now, length)!);
    return this;
  }

  /** Until shortly after the next bill. */
  untilRenewed(): this {
    const { nextBillAt } = this.world.life(this.subscription);
    passTime(this.world, nextBillAt! + 60_000_000);
    return this;
  }

  /** The buyer goes through the checkout that the product's frontend opened. */
  buy(priceId: string, { quantity = 1, card = GOOD_CARD, email = this.email } = {}): this {
    const transaction = this.open([{ price_id: priceId, quantity }]);
    this.identify(transaction, email);
    return this.pay(transaction, card);
  }

  open(items: { price_id: string; quantity: number }[]): Transaction {
    const request = { items, custom_data: { user_id: this.userId } };
    const transaction = createTransaction(this.world, request, 'web');
    this.transactions.push(transaction);
    return transaction;
  }

  identify(transaction: Transaction, email = this.email): void {
    const country = this.options.country ?? 'US';
    this.world.pass(2_000, 20_000);
    identify(this.world, transaction, { email, name: this.name, country, postalCode: '10021' });
  }

  pay(transaction: Transaction, card: string): this {
    this.world.pass(5_000, 60_000);
    const { subscription } = payWith(this.world, transaction, cardOf(card, this.name));
    this.bought = subscription ?? this.bought;
    return this;
  }

  /** The card of the subscription turns good or bad. */
  cardBecomes(behaviour: 'pays' | 'declines'): this {
    const { paymentMethodId } = this.world.life(this.subscription);
    this.world.find(this.world.tables.cards, paymentMethodId!).behaviour = behaviour;
    return this;
  }

  /** @param transaction an invoice, which starts a subscription when something on it recurs */
  startedBy(transaction: Transaction): this {
    this.bought = this.world.tables.subscriptions.get(transaction.subscription_id ?? '') ?? null;
    this.transactions.push(transaction);
    return this;
  }

  result(): StoryResult {
    const transactions = this.all();
    const ids = new Set(transactions.map(({ id }) => id));
    const adjustments = [...this.world.tables.adjustments.values()].filter(({ transaction_id }) => ids.has(transaction_id));
    return {
      userId: this.userId,
      customerId: transactions.at(-1)?.customer_id ?? '',
      subscriptionId: this.bought?.id ?? null,
      transactionIds: [...ids],
      adjustmentIds: adjustments.map(({ id }) => id),
    };
  }

  private all(): Transaction[] {
    const own = new Set(this.transactions.map(({ id }) => id));
    return [...this.world.tables.transactions.values()].filter(
      ({ id, subscription_id }) => !this.known.has(id) && (own.has(id) || (this.bought && subscription_id === this.bought.id)),
    );
  }
}
