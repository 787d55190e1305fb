import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../platform/config';
import { isEnvironment, type Environment } from '../platform/environment';
import type { RequestEnvironment } from '../projections';

/** Which provider and environment user routes act on. */
@Injectable()
export class ActiveProvider implements RequestEnvironment {
  readonly provider = 'paddle';

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  get environment(): Environment {
    return this.config.paddle.activeEnvironment;
  }

  /** Admin routes carry the environment in their path; all others act on the active one. */
  of({ params }: Pick<FastifyRequest, 'params'>): Environment {
    const { environment } = params as { environment?: string };
    return environment !== undefined && isEnvironment(environment) ? environment : this.environment;
  }
}
