import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { Instances } from '../instances';
import { describe } from '../platform/database';
import { ENVIRONMENTS, type Environment } from '../platform/environment';
import { LOGGER } from '../platform/logger';
import { Signal } from '../platform/signal';
import { Providers } from '../provider';
import { OUTCOMES } from './command-facts';
import { CommandLog, type CommandContext } from './command-log';
import { OpenCommands } from './open-commands';
import { ProviderCommands } from './provider-commands';
import type { CommandRow } from './read-models/commands';

const INTERVAL_MS = 2_000;
const ACTOR = 'job:recovery';

/** Closes wishes that were left without an outcome, by what the provider says. Any process may, and several do no harm. */
@Injectable()
export class Recovery implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly signal = new Signal();
  private readonly chores: ((environment: Environment) => Promise<void>)[] = [];
  private loop: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly open: OpenCommands,
    private readonly log: CommandLog,
    private readonly commands: ProviderCommands,
    private readonly providers: Providers,
    private readonly instances: Instances,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Something else to be looked at as often: what is scheduled. */
  alsoDo(chore: (environment: Environment) => Promise<void>): void {
    this.chores.push(chore);
  }

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.signal.raise();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      for (const environment of ENVIRONMENTS) {
        if (!this.providers.isConfigured(environment)) continue;
        await this.once(environment).catch((error) => this.logger.warn({ err: describe(error) }, 'recovery will try again'));
      }
      await this.signal.wait(INTERVAL_MS);
    }
  }

  private async once(environment: Environment): Promise<void> {
    for (const row of await this.open.inState(environment, 'open', 'uncertain')) {
      if (this.stopping) return;
      try {
        if (await this.isAbandoned(row)) await this.close(environment, row);
      } catch (error) {
        // One that the provider cannot tell anything about must not keep the others waiting.
        this.logger.warn({ commandId: row.commandId, err: describe(error) }, 'a command could not be closed yet');
      }
    }
    for (const chore of this.chores) await chore(environment);
  }

  /** Whoever asked is gone, or has given up. */
  private async isAbandoned({ commandId, wish, state }: CommandRow): Promise<boolean> {
    if (!wish || this.commands.isInFlight(commandId)) return false;
    return state === 'uncertain' || wish.instanceId === this.instances.id || !(await this.instances.isAlive(wish.instanceId));
  }

  private async close(environment: Environment, { commandId, wish, streamId }: CommandRow): Promise<void> {
    const { customerId, userId, type } = wish!;
    const context: CommandContext = { environment, streamId: streamId!, customerId, userId, actor: ACTOR };
    const kind = this.commands.kindOf(type);
    const options = { priority: 'background', correlationId: commandId } as const;
    const found = await kind.find(this.providers.of(environment), wish!, commandId, options);
    if (found) return this.commands.finish(context, commandId, found, kind.observed);
    const ended = await this.log.outcome(context, OUTCOMES.notDone, { commandId, reason: 'no_trace_at_the_provider' });
    await this.commands.shown(context, [ended]);
  }
}
