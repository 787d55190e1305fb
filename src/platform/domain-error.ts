import type { InputError, ProblemCode } from './problem-details';

/** A refusal that the caller can understand: a stable `code`, a sentence for people, and facts to act on. Knows no HTTP. */
export class DomainError extends Error {
  /**
   * @param extensions further members of the problem document; never secrets, SQL or another user's data
   * @param options `cause` keeps the technical error for the log
   */
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly extensions: Record<string, unknown> & { errors?: InputError[] } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DomainError';
  }
}

/** Refuses one query parameter. */
export function invalidParameter(name: string, detail: string): DomainError {
  return new DomainError('invalid_request', `The parameter "${name}" ${detail}.`, {
    errors: [{ pointer: `/${name}`, detail }],
  });
}

/** Refuses a request body: everything that is wrong with it, and where. */
export function invalidBody(errors: InputError[]): DomainError {
  const detail = errors.map((one) => `"${one.pointer.slice(1)}" ${one.detail}`).join('; ');
  return new DomainError('invalid_request', `The body is not valid: ${detail || 'it must be an object'}.`, { errors });
}
