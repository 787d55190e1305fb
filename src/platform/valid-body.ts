import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { DomainError, invalidBody } from './domain-error';
import { pointerTo, type InputError } from './problem-details';

/** Far deeper than any body that makes sense; class-transformer would follow one to the end of the stack. */
const MAX_DEPTH = 32;

class BodyPipe extends ValidationPipe {
  override async transform(body: unknown, argument: ArgumentMetadata): Promise<unknown> {
    if (isDeeperThan(MAX_DEPTH, body)) throw tooDeep();
    return super.transform(body, argument);
  }
}

/** Checks a request body against the rules of its DTO, and says what is wrong and where: `@Body(VALID_BODY) body: …Dto`. */
export const VALID_BODY = new BodyPipe({
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

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function tooDeep(): DomainError {
  const detail = `must not be deeper than ${MAX_DEPTH} levels`;
  return new DomainError('invalid_request', `The body ${detail}.`, { errors: [{ pointer: '', detail }] });
}
