import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Ledger, LedgerReader, type EventMetadata } from '../ledger';
import { Clock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { CONFIGURED, readConfigurationFact, STREAMS, type ConfigurationKey, type ConfiguredBody } from './configuration-facts';
import { configurationOf, type Configuration } from './configuration-queries';

/** Who changes something, and where. */
export interface ConfigurationContext {
  environment: Environment;
  /** A user id. */
  actor: string;
  requestId: string;
}

/** A configuration, and the position of the event that made it: `<shard>-<position>`; null while there is none. */
export type RecordedConfiguration<Key extends ConfigurationKey> = Configuration<Key> & { position: string | null };

/** Writes changes of the configuration to the ledger, and reads the last one back. */
@Injectable()
export class ConfigurationLog {
  constructor(
    private readonly ledger: Ledger,
    private readonly reader: LedgerReader,
    private readonly clock: Clock,
  ) {}

  /** @throws Error when the last change cannot be read: who does not know what is configured must not replace it */
  async read<Key extends ConfigurationKey>(environment: Environment, key: Key): Promise<RecordedConfiguration<Key>> {
    const { events, version } = await this.reader.readStreamEnd(environment, STREAMS[key], 1);
    const last = events.at(-1);
    if (!last) return { ...configurationOf(key, null), position: null };
    const fact = readConfigurationFact(last);
    if (!fact) throw new Error(`the last event of ${STREAMS[key]} is none that this version of the app knows`);
    return { ...configurationOf(key, { ...fact, version }), position: `${last.shardId}-${last.position}` };
  }

  /** @throws DomainError `version_conflict` when somebody else changed it meanwhile */
  async append<Key extends ConfigurationKey>(
    { environment, actor, requestId }: ConfigurationContext,
    key: Key,
    change: Omit<ConfiguredBody<Key>, 'changedBy'>,
  ): Promise<RecordedConfiguration<Key>> {
    const { version, before, after } = change;
    const body: ConfiguredBody<Key> = { version, changedBy: actor, before, after };
    const changedAt = this.clock.now();
    const metadata: EventMetadata = { source: 'native', actor, requestId };
    const event = {
      eventId: `config_${randomUUID()}`,
      type: CONFIGURED[key],
      schemaVersion: 1,
      occurredAt: changedAt,
      customerId: null,
      userId: null,
      body: Buffer.from(JSON.stringify(body)),
      metadata,
    };
    const expectedVersion = version - 1;
    const { shardId, position } = await this.ledger.append({
      environment,
      streamId: STREAMS[key],
      expectedVersion,
      events: [event],
    });
    return { version, value: after, changedAt, changedBy: actor, position: `${shardId}-${position}` };
  }
}
