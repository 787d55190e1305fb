import type { CallOptions, EntityAnswer, ProviderAnswer, ProviderPage } from '../provider-answer';
import { ProviderError } from '../provider-error';
import type { ApiRequest } from './client/api-request';
import type { ApiAnswer, PaddleClient } from './client/paddle-client';
import { entityJson, listedEntitiesJson } from './entity-json';
import { idOf, objectOf, textOf, type Json } from './json-fields';

/** Asks, and reads what the answer says. */
export async function ask<Value>(
  client: PaddleClient,
  request: ApiRequest,
  read: (data: Json) => Value | null,
  options: CallOptions,
): Promise<ProviderAnswer<Value>> {
  const answer = await client.call(request, options);
  const data = objectOf(answer.json.data);
  const value = data && read(data);
  if (value === null) throw unreadableAnswer(answer, request);
  return { ...received(answer), value };
}

/** The same, of an answer that shows an entity for the ledger. */
export async function askEntity<Value>(
  client: PaddleClient,
  request: ApiRequest,
  read: (data: Json) => Value | null,
  options: CallOptions,
): Promise<EntityAnswer<Value>> {
  const answer = await ask(client, request, read, options);
  return { ...answer, entity: () => entityJson(answer.body) };
}

/**
 * Asks for a list page by page, when the loop comes to the next.
 * @throws ProviderError `unreadable` when a page leads to another place than its own list, or in a circle
 */
export async function* askPages<Value>(
  client: PaddleClient,
  list: ApiRequest,
  read: (data: Json) => Value | null,
  options: CallOptions,
): AsyncGenerator<ProviderPage<Value>, void, undefined> {
  let request = list;
  let cursor = list.query?.get('after') ?? null;
  for (;;) {
    const answer = await client.call(request, options);
    const page = pageOf(answer, read);
    if (!page) throw unreadableAnswer(answer, request);
    const next = page.more ? client.connection.base.queryOfNext(page.next, request) : null;
    const before = cursor;
    cursor = next?.get('after') ?? page.lastId ?? cursor;
    if (page.more && (next === null || cursor === before)) throw unreadableAnswer(answer, request);
    const { value, more, estimatedTotal } = page;
    yield { ...received(answer), value, entities: () => listedEntitiesJson(answer.body), cursor, more, estimatedTotal };
    if (next === null) return;
    request = { ...list, query: next };
  }
}

function pageOf<Value>({ json }: ApiAnswer, read: (data: Json) => Value | null) {
  if (!Array.isArray(json.data)) return null;
  const entries = json.data.map((entry) => objectOf(entry) ?? {});
  const value = entries.map(read).filter((entry) => entry !== null);
  if (value.length < entries.length) return null;
  const pagination = objectOf(objectOf(json.meta)?.pagination);
  const total = pagination?.estimated_total;
  return {
    value,
    lastId: idOf(entries.at(-1)?.event_id) ?? idOf(entries.at(-1)?.id),
    more: pagination?.has_more === true,
    next: textOf(pagination?.next) ?? '',
    // Paddle says -1 where it did not count.
    estimatedTotal: typeof total === 'number' && total >= 0 ? total : null,
  };
}

function received({ status, body, requestId, sentAt }: ApiAnswer) {
  return { status, body, requestId, sentAt };
}

function unreadableAnswer({ status, requestId }: ApiAnswer, { operation }: ApiRequest): ProviderError {
  return new ProviderError({ failure: 'unreadable', outcome: operation.changes ? 'unknown' : 'not_done', status, requestId });
}
