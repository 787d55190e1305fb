import fc from 'fast-check';
import { entityJson, listedEntitiesJson } from './entity-json';

const textOf = (body: string) => entityJson(Buffer.from(body)).toString();

it('gives the bytes of the entity as they came', () => {
  const entity = '{ "id":"sub_1",\n "total" : 1.50, "big":12345678901234567890, "name":"\\u00e9 é \\"}{" , "list":[ {} , [] ] }';
  expect(textOf(`{"data": ${entity} , "meta":{"request_id":"1"}}`)).toBe(entity);
});

it.each([
  ['in the middle', '{"id":"1","management_urls":{"cancel":"https://x/?token=1"},"items":[]}', '{"id":"1","items":[]}'],
  ['first', '{"management_urls":{"cancel":"}"}, "id":"1"}', '{"id":"1"}'],
  ['last', '{"id":"1" , "management_urls" : null }', '{"id":"1" }'],
  ['alone', '{ "management_urls":{} }', '{  }'],
  ['twice', '{"management_urls":1,"management_urls":2,"id":"1","management_urls":3}', '{"id":"1"}'],
  ['under a name that is spelt otherwise', '{"id":"1","management\\u005furls":{}}', '{"id":"1"}'],
  ['beside another secret', '{"endpoint_secret_key":"s","management_urls":{},"id":"1","customer_auth_token":"t"}', '{"id":"1"}'],
])('cuts management URLs out, %s', (_, entity, kept) => expect(textOf(`{"data":${entity},"meta":{}}`)).toBe(kept));

it('leaves what is not Paddle’s own: a field of that name in custom data', () => {
  const entity = '{"id":"1","custom_data":{"management_urls":"mine"},"name":"management_urls"}';
  expect(textOf(`{"data":${entity}}`)).toBe(entity);
});

it('gives each entity of a page', () => {
  const body = Buffer.from('{"meta":{"data":[1]},"data":[ {"id":"1","management_urls":{}} ,\n{"id":"2"}]}');
  expect(listedEntitiesJson(body).map(String)).toEqual(['{"id":"1"}', '{"id":"2"}']);
  expect(listedEntitiesJson(Buffer.from('{"data":[ ]}'))).toEqual([]);
});

it('cuts them out of the entity in an event too', () => {
  const event = (inner: string) => `{"event_id":"evt_1","data":${inner},"event_type":"subscription.updated"}`;
  const body = Buffer.from(`{"data":[${event('{"management_urls":{},"id":"1"}')}]}`);
  expect(listedEntitiesJson(body).map(String)).toEqual([event('{"id":"1"}')]);
});

const fields = fc.uniqueArray(fc.tuple(fc.string(), fc.jsonValue()), { selector: ([name]) => name });

it('says the same as JSON.parse, whatever the entity holds and however it is printed', () => {
  fc.assert(
    fc.property(fields, fc.jsonValue(), fc.nat(), fc.constantFrom(0, 1, '\t'), (kept, urls, place, space) => {
      const at = place % (kept.length + 1);
      const entity = Object.fromEntries(kept.toSpliced(at, 0, ['management_urls', urls]));
      const print = (value: unknown) => Buffer.from(JSON.stringify(value, null, space));
      const read = (bytes: Buffer | undefined): unknown => JSON.parse(String(bytes));
      const expected = read(print(Object.fromEntries(kept)));
      expect(read(entityJson(print({ data: entity })))).toEqual(expected);
      expect(read(listedEntitiesJson(print({ meta: [entity], data: [[], entity] }))[1])).toEqual(expected);
    }),
  );
});
