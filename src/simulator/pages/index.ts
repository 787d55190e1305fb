import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendError, type ApiFaults } from '../api';
import { statusOf } from '../api/error-statuses';
import type { Engine } from '../engine';
import { SimulatorError } from '../world/simulator-error';
import { checkout } from './checkout';
import { homePage } from './home-page';
import { homeView } from './home-view';
import { invoicePdf } from './invoice-pdf';
import { markup } from './markup';
import { SIMULATION, sendPage } from './page';
import { portal } from './portal';

/** Pages for a person: the world and its clock, the hosted checkout, the customer portal, invoices. */
export function pages(fastify: FastifyInstance, { engine, faults }: { engine: Engine; faults: ApiFaults }): void {
  fastify.setErrorHandler(explain);
  fastify.get('/', (_, reply) => sendPage(reply, homePage(homeView(engine, faults))));
  checkout(fastify, engine);
  portal(fastify, engine);
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

/** A person gets a page, a script JSON. */
function explain(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (request.method !== 'GET' || !(error instanceof SimulatorError)) return sendError(error, request, reply);
  const status = statusOf(error.code);
  const title = status === 404 ? 'There is no such thing here' : 'That does not work';
  const body = markup`${SIMULATION}
    <section class="card"><h1>${title}</h1><p>${error.detail}.</p><p><a href="/">To the simulator</a></p></section>`;
  void sendPage(reply, { title, body, narrow: true, status });
}
