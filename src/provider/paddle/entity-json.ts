import { elementsOf, membersOf, type Member, type Span } from './json-spans';

/** Fields of Paddle's entities that open doors. They stand at the top of an entity; further down such a name is somebody's data. */
const SECRET_FIELDS = new Set(['management_urls', 'endpoint_secret_key', 'customer_auth_token']);

/**
 * The JSON of the entity in an answer of Paddle's API: its bytes as they came, without secrets and short-lived links.
 * @param body an answer that is known to be JSON
 */
export function entityJson(body: Buffer): Buffer {
  const data = dataOf(body);
  return data ? withoutSecrets(body, data) : Buffer.alloc(0);
}

/** The same for each entity of a page. An event holds its entity in `data`. */
export function listedEntitiesJson(body: Buffer): Buffer[] {
  const data = dataOf(body);
  return data ? [...elementsOf(body, data.from)].map((entity) => withoutSecrets(body, entity)) : [];
}

/** Where a name stands twice, the last one counts, as for `JSON.parse`. */
function dataOf(body: Buffer): Span | undefined {
  return [...membersOf(body, 0)].findLast(({ key }) => key === 'data')?.value;
}

function withoutSecrets(body: Buffer, entity: Span): Buffer {
  const members = [...membersOf(body, entity.from)];
  const isEvent = members.some(({ key }) => key === 'event_id');
  const inner = isEvent
    ? members.filter(({ key }) => key === 'data').flatMap(({ value }) => [...membersOf(body, value.from)])
    : [];
  const cuts = [...cutsOf(members), ...cutsOf(inner)].sort((a, b) => a.from - b.from);
  const parts: Buffer[] = [];
  let at = entity.from;
  for (const cut of cuts) {
    parts.push(body.subarray(at, cut.from));
    at = cut.to;
  }
  parts.push(body.subarray(at, entity.to));
  return Buffer.concat(parts);
}

/** What to leave out of an object, the commas that would be too many included. */
function cutsOf(members: Member[]): Span[] {
  const isSecret = ({ key }: Member) => SECRET_FIELDS.has(key);
  const firstKept = members.findIndex((member) => !isSecret(member));
  if (firstKept < 0) return members.length > 0 ? [{ from: members[0]!.from, to: members.at(-1)!.to }] : [];
  const before = firstKept > 0 ? [{ from: members[0]!.from, to: members[firstKept]!.from }] : [];
  const after = members.flatMap((member, index) =>
    index > firstKept && isSecret(member) ? [{ from: members[index - 1]!.to, to: member.to }] : [],
  );
  return [...before, ...after];
}
