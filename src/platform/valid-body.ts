import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { DomainError } from './domain-error';
import type { InputError } from './problem-details';

/** Checks a request body against the rules of its DTO, and says what is wrong and where: `@Body(VALID_BODY) body: …Dto`. */
export const VALID_BODY = new ValidationPipe({
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: false, value: false },
  exceptionFactory: (errors) => {
    const found = errors.flatMap((error) => inputErrors(error, ''));
    const detail = found.map((one) => `"${one.pointer.slice(1)}" ${one.detail}`).join('; ');
    return new DomainError('invalid_request', `The body is not valid: ${detail || 'it must be an object'}.`, { errors: found });
  },
});

function inputErrors({ property, constraints, children }: ValidationError, parent: string): InputError[] {
  const pointer = `${parent}/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.values(constraints ?? {}).map((message) => ({ pointer, detail: withoutName(message, property) }));
  return [...own, ...(children ?? []).flatMap((child) => inputErrors(child, pointer))];
}

function withoutName(message: string, property: string): string {
  return message.replace(`property ${property} `, '').replace(`${property} `, '');
}
