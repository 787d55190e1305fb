import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ReadModelPosition } from '../../projections';
import type { Configurations, ConfigurationKey } from '../configuration-facts';
import { ConfigurationLog, type ConfigurationContext } from '../configuration-log';
import type { Configuration } from '../configuration-queries';
import { decideConfiguration } from '../decide-configuration';

/** Replaces a whole configuration, and answers with it as it then is. */
export class ChangeConfiguration<Key extends ConfigurationKey = ConfigurationKey> extends Command<Configuration<Key>> {
  /** @param basedOn the version that whoever wants it had seen */
  constructor(
    readonly context: ConfigurationContext,
    readonly key: Key,
    readonly basedOn: number,
    readonly wanted: Configurations[Key],
  ) {
    super();
  }
}

@CommandHandler(ChangeConfiguration)
export class ChangeConfigurationHandler implements ICommandHandler<ChangeConfiguration> {
  constructor(
    private readonly log: ConfigurationLog,
    private readonly position: ReadModelPosition,
  ) {}

  /** Answers when the change is in force: whoever asks next sees it. */
  async execute({ context, key, basedOn, wanted }: ChangeConfiguration): Promise<Configuration<ConfigurationKey>> {
    const { environment } = context;
    const current = await this.log.read(environment, key);
    const change = decideConfiguration(key, current, basedOn, wanted);
    const { position, ...configuration } = change ? await this.log.append(context, key, change) : current;
    if (position) await this.position.atLeast(environment, position);
    return configuration;
  }
}
