import { adjustmentsTotals, createAdjustment, type AdjustmentRequest } from '../world/adjustments';
import type { Adjustment, Transaction } from '../world/money-entities';
import { changeTransaction, createTransaction, type TransactionRequest } from '../world/new-transaction';
import { previewTransaction, type TransactionPreviewRequest } from '../world/preview';
import { reviseTransaction, type Revision } from '../world/revise';
import { giveUp } from '../world/renewals';
import { SimulatorError } from '../world/simulator-error';
import { isOpen } from '../world/transactions';
import type { World } from '../world/world';
import type { Listing } from './listing';
import type { Asked, Routes } from './request';
import {
  ADJUSTMENT_CREATE,
  NO_BODY,
  TRANSACTION_CREATE,
  TRANSACTION_PREVIEW,
  TRANSACTION_REVISE,
  TRANSACTION_UPDATE,
} from './schemas';

const LISTING: Listing<Transaction> = {
  perPage: [30, 30],
  filters: {
    id: ({ id }) => id,
    customer_id: ({ customer_id: id }) => id,
    subscription_id: ({ subscription_id: id }) => id,
    collection_mode: ({ collection_mode: mode }) => mode,
    invoice_number: ({ invoice_number: number }) => number,
    origin: ({ origin }) => origin,
    status: ({ status }) => status,
  },
  times: {
    billed_at: ({ billed_at: at }) => at,
    created_at: ({ created_at: at }) => at,
    updated_at: ({ updated_at: at }) => at,
  },
  order: {
    id: ({ id }) => id,
    billed_at: ({ billed_at: at }) => at ?? '',
    created_at: ({ created_at: at }) => at,
    updated_at: ({ updated_at: at }) => at,
  },
  others: ['include'],
};

const ADJUSTMENTS: Listing<Adjustment> = {
  perPage: [10, 50],
  filters: {
    id: ({ id }) => id,
    action: ({ action }) => action,
    customer_id: ({ customer_id: id }) => id,
    status: ({ status }) => status,
    subscription_id: ({ subscription_id: id }) => id,
    transaction_id: ({ transaction_id: id }) => id,
  },
  order: { id: ({ id }) => id },
};

export function transactionRoutes(routes: Routes, baseUrl: () => string): void {
  routes.list('GET /transactions', LISTING, (world) => world.tables.transactions.values(), withIncluded);
  routes.on<TransactionRequest>(
    'POST /transactions',
    TRANSACTION_CREATE,
    (world, asked) => withIncluded(world, createTransaction(world, asked.body), asked),
    201,
  );
  routes.on('GET /transactions/:id', NO_BODY, (world, asked: Asked) => withIncluded(world, of(world, asked), asked));
  routes.on<Partial<TransactionRequest>>('PATCH /transactions/:id', TRANSACTION_UPDATE, (world, asked) => {
    const transaction = of(world, asked);
    if (asked.body.status === 'canceled') cancelOpen(world, transaction, asked.body);
    else changeTransaction(world, transaction, asked.body);
    return withIncluded(world, transaction, asked);
  });
  routes.on<TransactionPreviewRequest>('POST /transactions/preview', TRANSACTION_PREVIEW, (world, { body }) =>
    previewTransaction(world, body),
  );
  routes.on<Revision>('POST /transactions/:id/revise', TRANSACTION_REVISE, (world, asked) =>
    reviseTransaction(world, of(world, asked), asked.body),
  );
  routes.on('GET /transactions/:id/invoice', NO_BODY, (world, asked: Asked) => {
    const { id, status, invoice_number: number } = of(world, asked);
    if (!number || !['billed', 'paid', 'completed', 'past_due'].includes(status)) {
      throw new SimulatorError('transaction_invoice_not_available', `There is no invoice: the transaction is ${status}`);
    }
    const disposition = asked.query.disposition === 'inline' ? 'inline' : 'attachment';
    return { url: `${baseUrl()}/invoices/${id}/invoice_${number}.pdf?disposition=${disposition}` };
  });
  routes.list('GET /adjustments', ADJUSTMENTS, (world) => world.tables.adjustments.values());
  routes.on<AdjustmentRequest>(
    'POST /adjustments',
    ADJUSTMENT_CREATE,
    (world, { body }) => {
      if (body.type !== 'full' && !body.items) {
        throw new SimulatorError('invalid_field', 'Request does not pass validation', [
          { field: 'items', message: 'is required' },
        ]);
      }
      return createAdjustment(world, body);
    },
    201,
  );
}

function of(world: World, { params }: { params: Record<string, string> }): Transaction {
  return world.find(world.tables.transactions, params.id!);
}

function cancelOpen(world: World, transaction: Transaction, change: Partial<TransactionRequest>): void {
  if (Object.keys(change).length > 1) {
    throw new SimulatorError('transaction_cannot_be_modified_and_canceled', 'Cancel it without another change');
  }
  if (!isOpen(transaction)) {
    throw new SimulatorError('transaction_invalid_status_change', `The transaction is ${transaction.status}`);
  }
  giveUp(world, transaction);
}

/** What `include` asks for beside the transaction (REFERENCE 2.5). */
function withIncluded(world: World, transaction: Transaction, { query }: { query: Asked['query'] }) {
  const { tables } = world;
  const found: Record<string, () => unknown> = {
    customer: () => tables.customers.get(transaction.customer_id ?? '') ?? null,
    address: () => tables.addresses.get(transaction.address_id ?? '') ?? null,
    business: () => tables.businesses.get(transaction.business_id ?? '') ?? null,
    discount: () => tables.discounts.get(transaction.discount_id ?? '') ?? null,
    adjustment: () => adjustmentsOf(world, transaction),
    adjustments_totals: () => adjustmentsTotals(world, transaction),
    available_payment_methods: () => ['card'],
  };
  const names = query.include?.split(',') ?? [];
  const included = names.flatMap((name) => (found[name] ? [[name === 'adjustment' ? 'adjustments' : name, found[name]()]] : []));
  return { ...transaction, ...Object.fromEntries(included) };
}

function adjustmentsOf(world: World, { id }: Transaction): Adjustment[] {
  return [...world.tables.adjustments.values()].filter(({ transaction_id: of }) => of === id);
}
