import { Controller, Get, Header, HttpStatus, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth';
import { DomainError } from '../platform/domain-error';
import { Metrics } from '../platform/metrics';
import { PROBLEMS, type ProblemCode } from '../platform/problem-details';
import type { LivenessDto, ProblemTypeDto, ReadinessDto } from './operations.dto';
import { ReadinessCheck } from './readiness';

@ApiTags('operations')
@Public()
@Controller()
export class OperationsController {
  constructor(
    private readonly readiness: ReadinessCheck,
    private readonly metrics: Metrics,
  ) {}

  /** The process runs. */
  @Get('health/live')
  getLiveness(): LivenessDto {
    return { status: 'up' };
  }

  /** The process can do its work; 503 when it cannot. */
  @Get('health/ready')
  async getReadiness(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessDto> {
    const readiness = await this.readiness.check();
    if (!readiness.ready) reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return readiness;
  }

  /** Metrics for Prometheus. */
  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  getMetrics(): Promise<string> {
    return this.metrics.registry.metrics();
  }

  /** What a problem `type` means. */
  @Get('problems/:type')
  getProblem(@Param('type') type: string): ProblemTypeDto {
    const code = type.replaceAll('-', '_');
    if (!Object.hasOwn(PROBLEMS, code)) throw new DomainError('not_found', 'There is no such problem.');
    return { code, ...PROBLEMS[code as ProblemCode] };
  }
}
