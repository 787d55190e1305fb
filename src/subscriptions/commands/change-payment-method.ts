import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../platform/domain-error';
import { Providers, type ProviderTransaction } from '../../provider';
import { decidePaymentMethodChange } from '../decide-command';
import { SubscriptionCommands, type CommandTarget, type Prepared } from './subscription-commands';

export interface PaymentMethodCheckout {
  transactionId: string;
  checkoutUrl: string;
}

/** Opens a checkout in which the user gives another payment method. */
export class ChangePaymentMethod extends Command<PaymentMethodCheckout> {
  constructor(readonly target: CommandTarget) {
    super();
  }
}

@CommandHandler(ChangePaymentMethod)
export class ChangePaymentMethodHandler implements ICommandHandler<ChangePaymentMethod> {
  constructor(
    private readonly commands: SubscriptionCommands,
    private readonly providers: Providers,
  ) {}

  async execute({ target }: ChangePaymentMethod): Promise<PaymentMethodCheckout> {
    const prepared = await this.commands.prepare(target);
    const { id: transactionId, checkoutUrl } = this.commands.isRepeated(prepared)
      ? await this.before(prepared)
      : await this.open(prepared);
    if (!checkoutUrl) throw new DomainError('provider_error', 'The billing provider has no checkout page for this.');
    return { transactionId, checkoutUrl };
  }

  private async open(prepared: Prepared): Promise<ProviderTransaction> {
    const { value } = await this.commands.carryOut(prepared, decidePaymentMethodChange(prepared.decidable));
    return value as ProviderTransaction;
  }

  /** The transaction that this very request opened before the process died. */
  private async before({ before, context }: Prepared): Promise<ProviderTransaction> {
    const provider = this.providers.of(context.environment);
    return (await provider.getTransaction(before!.outcome!.entityId!, { priority: 'user' })).value;
  }
}
