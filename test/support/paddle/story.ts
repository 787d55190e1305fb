import { instantFromMs } from '../../../src/platform/instant';
import type { Price } from './catalog';
import {
  addressData,
  customerData,
  subscriptionData,
  transactionData,
  type SubscriptionState,
  type TransactionState,
} from './entities';
import { paddleId } from './ids';

export interface PaddleEvent {
  event_id: string;
  event_type: string;
  occurred_at: string;
  notification_id: string;
  data: Record<string, unknown>;
}

export interface Buyer {
  /** Makes all ids of the story: two buyers never share one. */
  label: string;
  userId: string | null;
  startAt: string;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAY_MS = 86_400_000;

/** Plays what happens to one buyer and records the webhooks that Paddle would send, in the order of its documentation. */
export class Story {
  readonly events: PaddleEvent[] = [];
  readonly customerId: string;
  readonly subscriptionId: string;
  private readonly addressId: string;
  private nowMs: number;
  private micros = 0;
  private transactions = 0;
  private subscription: SubscriptionState | null = null;

  constructor(private readonly buyer: Buyer) {
    this.nowMs = Date.parse(buyer.startAt);
    this.customerId = paddleId('ctm', buyer.label, this.nowMs);
    this.addressId = paddleId('add', buyer.label, this.nowMs);
    this.subscriptionId = paddleId('sub', buyer.label, this.nowMs);
  }

  /** Takes what has been recorded since the last call. */
  take(): PaddleEvent[] {
    return this.events.splice(0);
  }

  goTo(time: string): this {
    this.nowMs = Date.parse(time);
    return this;
  }

  signup(items: SubscriptionState['items'], trialDays = 0): this {
    const transaction = this.newTransaction('web', 'draft', items, trialDays > 0);
    this.transaction('created', transaction);
    this.emit('customer.created', customerData(this.customerId, `${this.buyer.label}@example.com`, this.tick()));
    this.emit('address.created', addressData(this.addressId, this.customerId, this.tick()));
    transaction.customerId = this.customerId;
    transaction.addressId = this.addressId;
    this.transaction('updated', transaction, 'ready');
    this.transaction('ready', transaction);
    this.pay(transaction);
    this.start(transaction, trialDays);
    transaction.subscriptionId = this.subscriptionId;
    this.complete(transaction);
    return this;
  }

  renewal(): this {
    const transaction = this.bill();
    this.pay(transaction);
    this.complete(transaction);
    return this;
  }

  /** The first event says active with the new dates: no proof of payment. */
  failedRenewal(): this {
    const transaction = this.bill();
    transaction.payments.unshift({
      id: this.attemptId(),
      status: 'error',
      errorCode: 'declined',
      createdAt: this.tick(),
      capturedAt: null,
    });
    this.transaction('payment_failed', transaction);
    this.transaction('updated', transaction, 'past_due');
    this.transaction('past_due', transaction);
    this.subscribed('updated', { status: 'past_due' });
    this.subscribed('past_due');
    this.unpaid = transaction;
    return this;
  }

  recovery(): this {
    const transaction = this.unpaid!;
    this.pay(transaction);
    this.complete(transaction);
    this.subscribed('updated', { status: 'active' });
    this.subscribed('activated');
    return this;
  }

  changeItems(items: SubscriptionState['items']): this {
    const transaction = this.newTransaction('subscription_update', 'billed', items, false);
    transaction.subscriptionId = this.subscriptionId;
    this.transaction('created', transaction);
    this.transaction('billed', transaction);
    this.pay(transaction);
    this.complete(transaction);
    this.subscribed('updated', { items });
    return this;
  }

  schedule(action: 'cancel' | 'pause' | 'resume', resumeAt: string | null = null): this {
    const effectiveAt = this.state.period?.ends_at ?? resumeAt!;
    this.subscribed('updated', { scheduledChange: { action, effective_at: effectiveAt, resume_at: resumeAt } });
    return this;
  }

  removeScheduledChange(): this {
    this.subscribed('updated', { scheduledChange: null });
    return this;
  }

  cancel(): this {
    this.subscribed('updated', {
      status: 'canceled',
      scheduledChange: null,
      nextBilledAt: null,
      period: null,
      canceledAt: this.tick(),
    });
    this.subscribed('canceled');
    return this;
  }

  pause(): this {
    this.subscribed('updated', {
      status: 'paused',
      scheduledChange: null,
      nextBilledAt: null,
      period: null,
      pausedAt: this.tick(),
    });
    this.subscribed('paused');
    return this;
  }

  resume(): this {
    const period = this.periodFrom(this.tick());
    const running = { status: 'active', scheduledChange: null, pausedAt: null, period, nextBilledAt: period.ends_at };
    this.subscribed('updated', running);
    this.subscribed('resumed');
    const transaction = this.newRenewal();
    this.pay(transaction);
    this.complete(transaction);
    this.subscribed('updated', { status: 'active' });
    this.subscribed('activated');
    return this;
  }

  private unpaid: TransactionState | null = null;

  private get state(): SubscriptionState {
    if (!this.subscription) throw new Error('the story has no subscription yet');
    return this.subscription;
  }

  private start(transaction: TransactionState, trialDays: number): void {
    const startedAt = this.tick();
    const period = trialDays
      ? { starts_at: startedAt, ends_at: later(startedAt, trialDays * DAY_MS) }
      : this.periodFrom(startedAt);
    this.subscription = {
      id: this.subscriptionId,
      customerId: this.customerId,
      addressId: this.addressId,
      userId: this.buyer.userId,
      status: trialDays ? 'trialing' : 'active',
      items: transaction.items,
      startedAt,
      firstBilledAt: trialDays ? null : startedAt,
      previouslyBilledAt: trialDays ? null : startedAt,
      nextBilledAt: period.ends_at,
      period,
      trialEndsAt: trialDays ? period.ends_at : null,
      pausedAt: null,
      canceledAt: null,
      scheduledChange: null,
      updatedAt: startedAt,
    };
    this.subscribed('created', {}, { transaction_id: transaction.id });
    this.subscribed(trialDays ? 'trialing' : 'activated');
  }

  private bill(): TransactionState {
    const period = this.periodFrom(this.state.nextBilledAt!);
    this.subscribed('updated', {
      status: 'active',
      period,
      nextBilledAt: period.ends_at,
      previouslyBilledAt: this.state.nextBilledAt,
    });
    return this.newRenewal();
  }

  private newRenewal(): TransactionState {
    const transaction = this.newTransaction('subscription_recurring', 'billed', this.state.items, false);
    transaction.subscriptionId = this.subscriptionId;
    this.transaction('created', transaction);
    this.transaction('billed', transaction);
    return transaction;
  }

  private newTransaction(
    origin: string,
    status: string,
    items: { price: Price; quantity: number }[],
    free: boolean,
  ): TransactionState {
    const createdAt = this.tick();
    const known = status === 'draft' ? null : this.customerId;
    return {
      id: paddleId('txn', `${this.buyer.label} ${++this.transactions}`, this.nowMs),
      subscriptionId: null,
      customerId: known,
      addressId: known && this.addressId,
      userId: this.buyer.userId,
      origin,
      status,
      items,
      free,
      payments: [],
      period: this.subscription?.period ?? null,
      createdAt,
      updatedAt: createdAt,
      billedAt: status === 'billed' ? createdAt : null,
      invoiceNumber: null,
    };
  }

  private pay(transaction: TransactionState): void {
    const at = this.tick();
    if (!transaction.free) {
      transaction.payments.unshift({
        id: this.attemptId(),
        status: 'captured',
        errorCode: null,
        createdAt: at,
        capturedAt: this.tick(),
      });
    }
    transaction.billedAt ??= at;
    this.transaction('updated', transaction, 'paid');
    this.transaction('paid', transaction);
  }

  private complete(transaction: TransactionState): void {
    transaction.invoiceNumber = `325-${10_000 + this.transactions}`;
    transaction.period = this.subscription?.period ?? transaction.period;
    this.transaction('updated', transaction, 'completed');
    this.transaction('completed', transaction);
  }

  private transaction(action: string, transaction: TransactionState, status = transaction.status): void {
    transaction.status = status;
    transaction.updatedAt = this.tick();
    this.emit(`transaction.${action}`, transactionData(transaction));
  }

  private subscribed(action: string, change: Partial<SubscriptionState> = {}, extra: Record<string, unknown> = {}): void {
    this.subscription = { ...this.state, ...change, updatedAt: this.tick() };
    this.emit(`subscription.${action}`, { ...subscriptionData(this.subscription), ...extra });
  }

  private emit(type: string, data: Record<string, unknown>): void {
    const occurredAt = this.tick();
    const label = `${this.buyer.label} ${type} ${occurredAt}`;
    this.events.push({
      event_id: paddleId('evt', label, this.nowMs),
      event_type: type,
      occurred_at: occurredAt,
      notification_id: paddleId('ntf', label, this.nowMs),
      data,
    });
  }

  private attemptId(): string {
    const hex = Buffer.from(paddleId('x', `${this.buyer.label} ${this.tick()}`)).toString('hex');
    return `${hex.slice(8, 16)}-${hex.slice(16, 20)}-4${hex.slice(21, 24)}-8${hex.slice(25, 28)}-${hex.slice(28, 40)}`;
  }

  private periodFrom(startsAt: string): { starts_at: string; ends_at: string } {
    const days = MONTH_DAYS[Number(startsAt.slice(5, 7)) - 1]!;
    return { starts_at: startsAt, ends_at: later(startsAt, days * DAY_MS) };
  }

  /** The next moment: some milliseconds and an odd number of microseconds later. */
  private tick(): string {
    this.micros = (this.micros + 373) % 1000;
    this.nowMs += 37;
    return instantFromMs(this.nowMs).replace('000Z', `${String(this.micros).padStart(3, '0')}Z`);
  }
}

/** Some milliseconds later; the microseconds stay. */
function later(time: string, ms: number): string {
  return instantFromMs(Date.parse(time) + ms).replace('000Z', time.slice(23));
}
