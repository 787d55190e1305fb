import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config';
import type { Environment } from '../platform/environment';
import type { RequestEnvironment } from '../projections';

/** Which provider and environment user routes act on. */
@Injectable()
export class ActiveProvider implements RequestEnvironment {
  readonly provider = 'paddle';

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  get environment(): Environment {
    return this.config.paddle.activeEnvironment;
  }

  /** User routes act on the active environment, whatever the request. */
  of(): Environment {
    return this.environment;
  }
}
