import type { FastifyInstance } from 'fastify';
import type { Engine } from '../engine';
import { SimulatorError } from '../world/simulator-error';
import { invoicePdf } from './invoice-pdf';

/** Pages for a person: invoices, the hosted checkout, the world and its clock. */
export function pages(fastify: FastifyInstance, engine: Engine): void {
  fastify.get<{ Params: { id: string; file: string }; Querystring: { disposition?: string } }>(
    '/invoices/:id/:file',
    ({ params, query }, reply) => {
      const { world } = engine;
      const transaction = world.find(world.tables.transactions, params.id);
      if (params.file !== `invoice_${transaction.invoice_number}.pdf`) throw new SimulatorError('not_found', 'No such invoice');
      const disposition = query.disposition === 'inline' ? 'inline' : 'attachment';
      void reply.header('content-disposition', `${disposition}; filename="${params.file}"`);
      return reply.type('application/pdf').send(invoicePdf(transaction));
    },
  );
}
