import { ValidateBy } from 'class-validator';
import { parseUuid } from './device';

/** Of a property of a body: a UUID of RFC 9562, neither nil nor max. */
export function IsUuid(): PropertyDecorator {
  return ValidateBy({
    name: 'isUuid',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parseUuid(value) !== null,
      defaultMessage: () => '$property must be a UUID (RFC 9562), neither nil nor max',
    },
  });
}
