import { catalog } from './catalog';
import { customers } from './customers';
import type { PaddleConfig } from './platform/config';
import { anyProjection, type Translator } from './projections';
import { EVENT_TYPES, translate } from './provider/paddle';
import { subscriptions } from './subscriptions';

/** Every read model, listed once. */
export const PROJECTIONS = [anyProjection(customers), anyProjection(subscriptions), anyProjection(catalog)];

/** How the events of the ledger are read for them. */
export function translatorFor({ userIdKey }: Pick<PaddleConfig, 'userIdKey'>): Translator {
  return {
    read: (event) => translate(event, userIdKey),
    typesOf: (kind) => (Object.hasOwn(EVENT_TYPES, kind) ? EVENT_TYPES[kind as keyof typeof EVENT_TYPES] : []),
  };
}
