import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;

/** Says of every POST of a user or admin that it takes an `Idempotency-Key`. */
export function documentIdempotency(document: OpenAPIObject): void {
  for (const { post } of Object.values(document.paths)) {
    if (post && !isPublic(post)) post.parameters = [...(post.parameters ?? []), PARAMETER];
  }
}

function isPublic({ security = [] }: Operation): boolean {
  return security.some((requirement) => Object.keys(requirement).length === 0);
}

const PARAMETER: NonNullable<Operation['parameters']>[number] = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  description:
    'Yours to choose, for one request: sent again with the same body within 24 hours, it gives the first answer again, byte for byte, ' +
    'with `Idempotency-Replayed: true`. With another body or to another route: `422 idempotency_key_reused`. While the first is ' +
    'not answered: `409 idempotency_key_in_use`. An answer of 401, 403, 429, 500 or above is not kept: send the same key again.',
};
