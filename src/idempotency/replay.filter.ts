import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Answer } from './answer';

/** Ends a request that has been answered before. */
export class Replay extends Error {
  constructor(readonly answer: Answer) {
    super('the request has been answered before');
    this.name = 'Replay';
  }
}

/** Gives the first answer again. */
@Catch(Replay)
export class ReplayFilter implements ExceptionFilter<Replay> {
  catch({ answer: { status, headers, body } }: Replay, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply
      .status(status)
      .headers(headers)
      .header('idempotency-replayed', 'true')
      .send(body.length > 0 ? body : undefined);
  }
}
