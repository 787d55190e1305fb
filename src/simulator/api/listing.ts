import { microsOf } from '../world/time';
import { SimulatorError } from '../world/simulator-error';

export type Query = Record<string, string | undefined>;

/** How one kind of entity is listed: what can be asked for, in what order, in pages of what size. */
export interface Listing<Entity> {
  /** Size of a page when nothing is said, and at most. */
  perPage: [number, number];
  /** Fields that a list of values is compared with: `status=active,paused`. */
  filters: Partial<Record<string, (entity: Entity) => unknown>>;
  /** Times that take `[LT]`, `[LTE]`, `[GT]` and `[GTE]`. */
  times?: Partial<Record<string, (entity: Entity) => string | null>>;
  /** Fields that can be ordered by. */
  order: Partial<Record<string, (entity: Entity) => string>>;
  /** What else may stand in the query, and is seen to elsewhere. */
  others?: string[];
  /** Filters that hold unless the query says otherwise. */
  defaults?: Query;
}

export interface Page<Entity> {
  entities: Entity[];
  perPage: number;
  hasMore: boolean;
  total: number;
  /** Query of the next page. */
  next: string;
}

const COMMON = new Set(['after', 'per_page', 'order_by']);
const OPERATORS: Record<string, (a: number, b: number) => boolean> = {
  LT: (a, b) => a < b,
  LTE: (a, b) => a <= b,
  GT: (a, b) => a > b,
  GTE: (a, b) => a >= b,
};

/** @throws SimulatorError `invalid_field` for what cannot be asked */
export function listPage<Entity extends { id: string }>(
  all: Iterable<Entity>,
  query: Query,
  listing: Listing<Entity>,
): Page<Entity> {
  const asked = { ...listing.defaults, ...query };
  const tests = Object.entries(asked).flatMap(([name, value]) => testOf(name, value ?? '', listing) ?? []);
  const everything = [...all];
  const matching = everything.filter((entity) => tests.every((test) => test(entity)));
  const orderBy = asked.order_by ?? 'id[ASC]';
  const compare = orderOf(orderBy, listing);
  const sorted = matching.sort(compare);
  const start = asked.after ? startAfter(asked.after, orderBy, everything, sorted, compare) : 0;
  const perPage = pageSize(asked.per_page, listing.perPage);
  const entities = sorted.slice(start, start + perPage);
  const last = entities.at(-1)?.id ?? asked.after;
  const next = new URLSearchParams(
    Object.entries({ ...query, ...(last && { after: last }) }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as [string, string]],
    ),
  );
  return { entities, perPage, hasMore: start + perPage < sorted.length, total: sorted.length, next: next.toString() };
}

function testOf<Entity>(name: string, value: string, listing: Listing<Entity>): ((entity: Entity) => boolean) | null {
  if (COMMON.has(name) || listing.others?.includes(name)) return null;
  const [, field = name, operator] = /^(.+)\[([A-Z]+)\]$/.exec(name) ?? [];
  const time = listing.times?.[field];
  if (time) return compareTime(time, name, operator, value);
  const read = operator ? undefined : listing.filters[field];
  if (!read) throw invalid(name, 'is not a parameter of this list');
  const wanted = value.split(',');
  return (entity) => {
    const found = read(entity);
    return Array.isArray(found) ? found.some((one) => wanted.includes(String(one))) : wanted.includes(String(found));
  };
}

function compareTime<Entity>(read: (entity: Entity) => string | null, name: string, operator: string | undefined, value: string) {
  const compare = operator === undefined ? (a: number, b: number) => a === b : OPERATORS[operator];
  if (!compare) throw invalid(name, 'is not an operator');
  if (value === 'null') return (entity: Entity) => read(entity) === null;
  const limit = timeOf(name, value);
  return (entity: Entity) => {
    const time = read(entity);
    return time !== null && compare(microsOf(time), limit);
  };
}

function timeOf(name: string, value: string): number {
  try {
    return microsOf(value);
  } catch {
    throw new SimulatorError('invalid_time_query_parameter', `${name} is not an RFC 3339 time`);
  }
}

type Compare<Entity> = (a: Entity, b: Entity) => number;

/** Ids decide where fields are the same, so that pages do not overlap. */
function orderOf<Entity extends { id: string }>(orderBy: string, { order }: Listing<Entity>): Compare<Entity> {
  const [, field = '', direction] = /^(.+)\[(ASC|DESC)\]$/.exec(orderBy) ?? [];
  const read = order[field];
  if (!read) throw invalid('order_by', `must be one of ${Object.keys(order).join(', ')} with [ASC] or [DESC]`);
  const sign = direction === 'ASC' ? 1 : -1;
  return (a, b) => sign * (compareText(read(a), read(b)) || compareText(a.id, b.id));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The cursor is a place in the order: it holds when what it names no longer matches, and when there is more before it. */
function startAfter<Entity extends { id: string }>(
  after: string,
  orderBy: string,
  everything: Entity[],
  sorted: Entity[],
  compare: Compare<Entity>,
): number {
  // An id is a place in the order of ids by itself, also when what it named is forgotten.
  const byId = orderBy.startsWith('id[') ? ({ id: after } as Entity) : undefined;
  const cursor = byId ?? everything.find(({ id }) => id === after);
  if (!cursor) throw invalid('after', 'is not an entity of this list');
  const next = sorted.findIndex((entity) => compare(entity, cursor) > 0);
  return next === -1 ? sorted.length : next;
}

function pageSize(text: string | undefined, [fallback, most]: [number, number]): number {
  if (text === undefined) return fallback;
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1) throw invalid('per_page', 'must be a whole number from 1');
  return Math.min(size, most);
}

function invalid(field: string, message: string): SimulatorError {
  return new SimulatorError('invalid_field', 'Request does not pass validation', [{ field, message }]);
}
