import type { FoldableEvent } from '../../src/ledger';
import { CONFIGURED, STREAMS, type ConfigurationKey } from '../../src/settings/configuration-facts';
import { commandEvent } from './command-events';

/** An event of a configuration stream, as a fold meets it. */
export function configurationEvent(key: ConfigurationKey, body: object = {}, change: Partial<FoldableEvent> = {}): FoldableEvent {
  const nothing = key === 'products' ? [] : {};
  const whole = { version: 1, changedBy: 'admin_1', before: nothing, after: nothing, ...body };
  const place = { streamId: STREAMS[key], eventId: `${key}_${whole.version}`, customerId: null, userId: null };
  return commandEvent(CONFIGURED[key], whole, { ...place, ...change });
}
