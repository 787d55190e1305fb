export {
  COMMAND_EVENT_TYPES,
  OUTCOMES,
  readCommandFact,
  type CommandEnded,
  type CommandFact,
  type CommandWished,
  type Wish,
} from './command-facts';
export type { CommandKind, CommandKinds, KnownWish, Observed } from './command-kind';
export { CommandLog, type CommandContext } from './command-log';
export { findTransaction } from './find-transaction';
export { openCommand, type CommandStream } from './command-stream';
export { CommandsModule } from './commands.module';
export { OpenCommands } from './open-commands';
export { ProviderCommands, type DecidedWish } from './provider-commands';
export { Recovery } from './recovery';
export { commands, type CommandRow } from './read-models/commands';
