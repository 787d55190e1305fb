import type { PipeTransform } from '@nestjs/common';
import { invalidBody } from '../platform/domain-error';
import { pointerTo, type InputError } from '../platform/problem-details';
import type { ConfigureProductRefsDto } from './configure-products.dto';

/**
 * Checks the body that sets product names: `@Body(VALID_PRODUCT_REFS) body: ConfigureProductRefsDto`. Its members are named by
 * the caller, and class-transformer would leave out a name such as `constructor` without a word.
 */
export const VALID_PRODUCT_REFS: PipeTransform<unknown, ConfigureProductRefsDto> = {
  transform(body) {
    if (!isObject(body)) throw invalidBody([]);
    const errors = [...unknownMembers(body), ...versionErrors(body.version), ...refsErrors(body.refs)];
    if (errors.length > 0) throw invalidBody(errors);
    return body as unknown as ConfigureProductRefsDto;
  },
};

function unknownMembers(body: object): InputError[] {
  const others = Object.keys(body).filter((name) => name !== 'version' && name !== 'refs');
  return others.map((name) => ({ pointer: pointerTo(name), detail: 'should not exist' }));
}

function versionErrors(version: unknown): InputError[] {
  const isVersion = Number.isSafeInteger(version) && (version as number) >= 0;
  return isVersion ? [] : [{ pointer: '/version', detail: 'must be an integer number, 0 or more' }];
}

function refsErrors(refs: unknown): InputError[] {
  if (!isObject(refs)) return [{ pointer: '/refs', detail: 'must be an object' }];
  const wrong = Object.entries(refs).filter(([, productId]) => typeof productId !== 'string');
  return wrong.map(([ref]) => ({ pointer: pointerTo('refs', ref), detail: 'must be a string' }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
