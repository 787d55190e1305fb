/** JSON Schemas of what the pages' scripts send. */

const text = { type: 'string', maxLength: 200 };
const country = { type: 'string', pattern: '^[A-Z]{2}$' };

function object(required: string[], properties: Record<string, object>): object {
  return { type: 'object', additionalProperties: false, required, properties };
}

export const PURCHASE = object(['priceId'], { priceId: text, quantity: { type: 'integer', minimum: 1 }, userId: text });
export const CHECKOUT_PREVIEW = object(['country'], { country, code: text });
export const CHECKOUT_PAY = object(['card'], {
  email: text,
  name: text,
  country,
  postalCode: { anyOf: [text, { type: 'null' }] },
  code: text,
  card: { type: 'string', pattern: '^[\\d ]{12,23}$' },
});
