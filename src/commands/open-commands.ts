import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { ShardMap } from '../ledger';
import type { Environment } from '../platform/environment';
import { ReadModels } from '../projections';
import { commands, type CommandRow, type CommandState } from './read-models/commands';

/** Reads what was asked of the provider, and what of it has no end yet. */
@Injectable()
export class OpenCommands {
  constructor(
    private readonly readModels: ReadModels,
    private readonly shards: ShardMap,
  ) {}

  inState(environment: Environment, ...states: CommandState[]): Promise<CommandRow[]> {
    return this.find(environment, { state: In(states) });
  }

  /** One command by its id, whatever became of it. */
  async one(environment: Environment, commandId: string): Promise<CommandRow | null> {
    return (await this.find(environment, { commandId }))[0] ?? null;
  }

  /** What waits for its time, by subject: the newest of each. */
  async scheduledFor(environment: Environment, subjects: string[]): Promise<Map<string, CommandRow>> {
    if (subjects.length === 0) return new Map();
    const rows = await this.find(environment, { state: 'scheduled', subject: In(subjects) });
    const oldestFirst = rows.sort((a, b) => ((a.wish?.wishedAt ?? '') < (b.wish?.wishedAt ?? '') ? -1 : 1));
    return new Map(oldestFirst.map((row) => [row.subject!, row]));
  }

  private find(environment: Environment, where: object): Promise<CommandRow[]> {
    return this.readModels.of(commands).find({ where: { shardId: In(this.shards.shardsOf(environment)), ...where } });
  }
}
