import { Inject, type OnModuleInit } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Actor } from '../../auth';
import { Catalog } from '../../catalog';
import { CommandLog, ProviderCommands, type CommandContext } from '../../commands';
import { CustomerLinks } from '../../customers';
import { CONFIG, type Config } from '../../platform/config';
import { DomainError } from '../../platform/domain-error';
import type { Environment } from '../../platform/environment';
import { Providers, type OrderedItem, type ProviderTransaction } from '../../provider';
import { ActiveProvider } from '../../settings';
import { decideCheckout, type BuyablePrice } from '../decide-checkout';
import { CHECKOUT_KINDS, CHECKOUT_REQUESTED, COMMAND_KEY } from './checkout-kinds';

export interface WantedCheckout {
  items: { priceId: string; quantity?: number }[];
  discountCode?: string;
  successUrl?: string;
}

export interface OpenedCheckout {
  transactionId: string;
  checkoutUrl: string;
}

const ANY_QUANTITY = { min: 1, max: 100 };

/** Opens a checkout at the provider, for prices of the catalog, that knows whose it is. */
export class OpenCheckout extends Command<OpenedCheckout> {
  constructor(
    readonly by: { actor: Actor; requestId: string; idempotencyKey: string | null },
    readonly wanted: WantedCheckout,
  ) {
    super();
  }
}

@CommandHandler(OpenCheckout)
export class OpenCheckoutHandler implements ICommandHandler<OpenCheckout>, OnModuleInit {
  constructor(
    private readonly active: ActiveProvider,
    private readonly catalog: Catalog,
    private readonly links: CustomerLinks,
    private readonly log: CommandLog,
    private readonly commands: ProviderCommands,
    private readonly providers: Providers,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.commands.register(CHECKOUT_KINDS);
  }

  async execute({ by: { actor, requestId, idempotencyKey }, wanted }: OpenCheckout): Promise<OpenedCheckout> {
    const { environment } = this.active;
    const { userId } = actor;
    const commandId = this.commands.commandId(userId, idempotencyKey);
    const streamId = `command:${commandId}`;
    const before = idempotencyKey === null ? null : await this.before(environment, streamId);
    const transaction =
      before ?? (await this.open(commandId, { environment, streamId, userId, actor: userId, requestId }, wanted));
    if (!transaction.checkoutUrl) throw new DomainError('provider_error', 'The billing provider has no checkout page for this.');
    return { transactionId: transaction.id, checkoutUrl: returningTo(transaction.checkoutUrl, wanted.successUrl) };
  }

  private async open(
    commandId: string,
    caller: Omit<CommandContext, 'customerId' | 'userId'> & { userId: string },
    { items: wanted, discountCode }: WantedCheckout,
  ): Promise<ProviderTransaction> {
    const { environment, userId } = caller;
    const items: OrderedItem[] = decideCheckout(wanted, await this.buyable(environment));
    const customerId = (await this.links.ofUser(environment, userId)).at(-1)?.customerId ?? null;
    const customData = { [this.config.paddle.userIdKey]: userId, [COMMAND_KEY]: commandId };
    const details = { items, customData, ...(customerId && { customerId }), ...(discountCode && { discountCode }) };
    const wish = { type: CHECKOUT_REQUESTED, commandId, subject: null, details };
    const answer = await this.commands.carryOut({ context: { ...caller, customerId }, wish, basedOn: 0, after: null });
    return answer.value as ProviderTransaction;
  }

  /** The checkout that this very request opened before the process died. */
  private async before(environment: Environment, streamId: string): Promise<ProviderTransaction | null> {
    const [command] = (await this.log.read(environment, streamId)).commands;
    const transactionId = command?.outcome?.entityId;
    if (!transactionId) return null;
    return (await this.providers.of(environment).getTransaction(transactionId, { priority: 'user' })).value;
  }

  private async buyable(environment: Environment): Promise<ReadonlyMap<string, BuyablePrice>> {
    const prices = (await this.catalog.prices(environment)).map(({ id, billingCycle, quantity, onSale }): BuyablePrice => ({
      id,
      billingCycle,
      offered: onSale,
      quantity: quantity ?? ANY_QUANTITY,
    }));
    return new Map(prices.map((price) => [price.id, price]));
  }
}

/** The checkout page reads where to go afterwards from its own address. */
function returningTo(checkoutUrl: string, successUrl: string | undefined): string {
  if (!successUrl) return checkoutUrl;
  const url = new URL(checkoutUrl);
  url.searchParams.set('success_url', successUrl);
  return url.toString();
}
