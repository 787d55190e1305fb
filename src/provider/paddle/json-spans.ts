/** Where something stands in a text: from the first byte to behind the last. */
export interface Span {
  from: number;
  to: number;
}

/** A member of an object; its own span begins at its name. */
export interface Member extends Span {
  key: string;
  value: Span;
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The members of the object that begins at or after `at`; none if something else does.
 * This and what follows find places in JSON that `JSON.parse` has taken already: they check nothing.
 */
export function* membersOf(json: Buffer, at: number): Generator<Member> {
  const start = skipSpace(json, at);
  if (json[start] !== OPEN_OBJECT) return;
  let from = skipSpace(json, start + 1);
  while (from < json.length && json[from] !== CLOSE_OBJECT) {
    const keyEnd = endOfValue(json, from);
    const key = JSON.parse(json.toString('utf8', from, keyEnd)) as string;
    const valueFrom = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const to = endOfValue(json, valueFrom);
    yield { key, from, to, value: { from: valueFrom, to } };
    from = nextAfter(json, to);
  }
}

/** The elements of the array that begins at or after `at`; none if something else does. */
export function* elementsOf(json: Buffer, at: number): Generator<Span> {
  const start = skipSpace(json, at);
  if (json[start] !== OPEN_ARRAY) return;
  let from = skipSpace(json, start + 1);
  while (from < json.length && json[from] !== CLOSE_ARRAY) {
    const to = endOfValue(json, from);
    yield { from, to };
    from = nextAfter(json, to);
  }
}

function nextAfter(json: Buffer, at: number): number {
  const next = skipSpace(json, at);
  return json[next] === COMMA ? skipSpace(json, next + 1) : next;
}

function skipSpace(json: Buffer, at: number): number {
  let next = at;
  while (isSpace(json[next])) next += 1;
  return next;
}

function endOfValue(json: Buffer, at: number): number {
  const first = json[at];
  if (first === QUOTE) return endOfString(json, at);
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return endOfNested(json, at);
  let end = at;
  while (end < json.length && !isSpace(json[end]) && ![COMMA, CLOSE_ARRAY, CLOSE_OBJECT].includes(json[end]!)) end += 1;
  return end;
}

function endOfString(json: Buffer, at: number): number {
  let end = at + 1;
  while (end < json.length && json[end] !== QUOTE) end += json[end] === BACKSLASH ? 2 : 1;
  return end + 1;
}

function endOfNested(json: Buffer, at: number): number {
  let depth = 0;
  for (let end = at; end < json.length; end += 1) {
    const byte = json[end];
    if (byte === QUOTE) end = endOfString(json, end) - 1;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
    if (depth === 0) return end + 1;
  }
  return json.length;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
