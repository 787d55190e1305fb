import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { invalidBody } from './domain-error';
import { pointerTo, type InputError } from './problem-details';

/** Checks a request body against the rules of its DTO, and says what is wrong and where: `@Body(VALID_BODY) body: …Dto`. */
export const VALID_BODY = new ValidationPipe({
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: false, value: false },
  exceptionFactory: (errors) => invalidBody(errors.flatMap((error) => inputErrors(error, ''))),
});

function inputErrors({ property, constraints, children }: ValidationError, parent: string): InputError[] {
  const pointer = `${parent}${pointerTo(property)}`;
  const own = Object.values(constraints ?? {}).map((message) => ({ pointer, detail: withoutName(message, property) }));
  return [...own, ...(children ?? []).flatMap((child) => inputErrors(child, pointer))];
}

function withoutName(message: string, property: string): string {
  return message.replace(`property ${property} `, '').replace(`${property} `, '');
}
