import type { Transaction } from './money-entities';
import { SimulatorError } from './simulator-error';
import { announce } from './transactions';
import type { World } from './world';

/** The body of `POST /transactions/{id}/revise`: what stands on the invoice, put right. */
export interface Revision {
  customer?: { name?: string | null };
  business?: { name?: string | null; tax_identifier?: string | null };
  address?: { first_line?: string | null; second_line?: string | null; city?: string | null; region?: string | null };
}

/** Once, for a billed or completed transaction. The money stays as it is. */
export function reviseTransaction(world: World, transaction: Transaction, revision: Revision): Transaction {
  if (!['billed', 'completed'].includes(transaction.status)) {
    throw new SimulatorError('transaction_invalid_status_to_revise', `The transaction is ${transaction.status}`);
  }
  if (transaction.revised_at) throw new SimulatorError('transaction_revised_limit_reached', 'It has been revised already');
  if (Object.values(revision).every((part) => Object.keys(part).length === 0)) {
    throw new SimulatorError('transaction_nothing_to_revise', 'Nothing is to be revised');
  }
  transaction.revised_at = world.instant();
  transaction.updated_at = world.instant();
  announce(world, 'revised', transaction);
  return transaction;
}
