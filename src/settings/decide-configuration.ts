import { DomainError, invalidBody } from '../platform/domain-error';
import type { Configurations, ConfigurationKey } from './configuration-facts';
import { ERRORS_IN } from './configuration-rules';

/** What a change is decided on. */
export interface ConfigurationState<Key extends ConfigurationKey = ConfigurationKey> {
  /** 0: nothing was ever configured. */
  version: number;
  value: Configurations[Key];
}

/**
 * Whether a configuration is to be replaced by another. Pure.
 * @param basedOn the version that whoever wants it had seen
 * @returns what becomes of it; null where nothing would change
 * @throws DomainError `invalid_request`, or `version_conflict` when it was changed since
 */
export function decideConfiguration<Key extends ConfigurationKey>(
  key: Key,
  { version, value }: ConfigurationState<Key>,
  basedOn: number,
  wanted: Configurations[Key],
): { version: number; before: Configurations[Key]; after: Configurations[Key] } | null {
  const errors = ERRORS_IN[key](wanted);
  if (errors.length > 0) throw invalidBody(errors);
  if (basedOn !== version) {
    const detail = `The configuration is at version ${version}, not ${basedOn}. Look at it again, then repeat.`;
    throw new DomainError('version_conflict', detail, { currentVersion: version });
  }
  return inOneOrder(wanted) === inOneOrder(value) ? null : { version: version + 1, before: value, after: wanted };
}

/** As text that does not depend on the order of an object's members. */
function inOneOrder(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
