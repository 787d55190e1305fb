import type { PipeTransform } from '@nestjs/common';
import { DomainError } from './domain-error';
import { isEnvironment, type Environment } from './environment';

/** The environment in the path of an admin's route: `@Param('environment', VALID_ENVIRONMENT) environment: Environment`. */
export const VALID_ENVIRONMENT: PipeTransform<string, Environment> = {
  transform(text) {
    if (isEnvironment(text)) return text;
    throw new DomainError('not_found', 'There is no such environment.');
  },
};
