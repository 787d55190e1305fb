import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { finalAnswer, type Answer } from './answer';
import { claimOf, type Claim } from './claims';
import { Settlements } from './settlements';

/** Writes down the answer to a key before it is sent: as bytes, whoever made them, the filter of problems included. */
@Injectable()
export class AnswerRecorder implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly settlements: Settlements,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onSend', (request: FastifyRequest, reply: FastifyReply, payload: unknown, done) => {
      const claim = claimOf(request);
      if (!claim) return done();
      void this.record(claim, finalAnswer(reply, payload), done);
    });
  }

  private async record(claim: Claim, answer: Answer | null, send: () => void): Promise<void> {
    await this.settlements.settle(claim, answer);
    send();
  }
}
