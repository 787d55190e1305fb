import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../platform/domain-error';
import type { ProviderTransaction } from '../../provider';
import { decidePaymentMethodChange } from '../decide-command';
import { SubscriptionCommands, type CommandTarget } from './subscription-commands';

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
  constructor(private readonly commands: SubscriptionCommands) {}

  async execute({ target }: ChangePaymentMethod): Promise<PaymentMethodCheckout> {
    const prepared = await this.commands.prepare(target);
    const { value } = await this.commands.carryOut(prepared, decidePaymentMethodChange(prepared.decidable));
    const { id: transactionId, checkoutUrl } = value as ProviderTransaction;
    if (!checkoutUrl) throw new DomainError('provider_error', 'The billing provider has no checkout page for this.');
    return { transactionId, checkoutUrl };
  }
}
