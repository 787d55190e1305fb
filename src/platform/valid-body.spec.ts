import { IsOptional } from 'class-validator';
import type { DomainError } from './domain-error';
import { VALID_BODY } from './valid-body';

class AnyDto {
  @IsOptional()
  any?: unknown;
}

const nested = (levels: number) => JSON.parse(`${'{"any":'.repeat(levels)}1${'}'.repeat(levels)}`) as object;
const check = (body: unknown): Promise<unknown> => VALID_BODY.transform(body, { type: 'body', metatype: AnyDto });

it('takes a body that is as deep as one may be', async () => expect(await check(nested(32))).toEqual(nested(32)));

it.each([33, 10_000])('refuses one of %d levels before anybody gets lost in it', async (levels) => {
  const { code, extensions } = (await check(nested(levels)).catch((error: unknown) => error)) as DomainError;
  expect([code, extensions.errors]).toEqual(['invalid_request', [{ pointer: '', detail: 'must not be deeper than 32 levels' }]]);
});

it('refuses what it does not know, and says where it is', async () => {
  const { extensions } = (await check({ any: 1, 'a/b': 2 }).catch((error: unknown) => error)) as DomainError;
  expect(extensions.errors).toEqual([{ pointer: '/a~1b', detail: 'should not exist' }]);
});
