import { billingHistory } from './billing-history';
import { catalog } from './catalog';
import { COMMAND_EVENT_TYPES, commands, readCommandFact } from './commands';
import { customers } from './customers';
import { DEVICE_EVENT_TYPES, devices, readDeviceFact } from './devices';
import { GRANT_EVENT_TYPES, grants, readGrantFact } from './grants';
import type { PaddleConfig } from './platform/config';
import type { FoldableEvent } from './ledger';
import { LICENSE_EVENT_TYPES, licenses, readLicenseFact } from './licenses';
import { anyProjection, type Fact, type Translator } from './projections';
import { EVENT_TYPES, translate } from './provider/paddle';
import { purchases } from './purchases';
import { CONFIGURATION_EVENT_TYPES, readConfigurationFact, settings } from './settings';
import { subscriptions } from './subscriptions';

/** Every read model, listed once. */
export const PROJECTIONS = [
  anyProjection(customers),
  anyProjection(subscriptions),
  anyProjection(purchases),
  anyProjection(grants),
  anyProjection(catalog),
  anyProjection(commands),
  anyProjection(settings),
  anyProjection(billingHistory),
  anyProjection(devices),
  anyProjection(licenses),
];

const TYPES: Partial<Record<string, string[]>> = {
  ...EVENT_TYPES,
  ...COMMAND_EVENT_TYPES,
  ...GRANT_EVENT_TYPES,
  ...CONFIGURATION_EVENT_TYPES,
  ...DEVICE_EVENT_TYPES,
  ...LICENSE_EVENT_TYPES,
};

/** How the events of the ledger are read for them. */
export function translatorFor({ userIdKey }: Pick<PaddleConfig, 'userIdKey'>): Translator {
  return {
    read: (event) => (event.source === 'native' ? readNative(event) : translate(event, userIdKey)),
    typesOf: (kind) => TYPES[kind] ?? [],
  };
}

/** Whoever writes an event of ours reads it. */
function readNative(event: FoldableEvent): Fact | null {
  return (
    readCommandFact(event) ??
    readGrantFact(event) ??
    readConfigurationFact(event) ??
    readDeviceFact(event) ??
    readLicenseFact(event)
  );
}
