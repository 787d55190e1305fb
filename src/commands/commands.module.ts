import { Module } from '@nestjs/common';
import { CommandLog } from './command-log';
import { OpenCommands } from './open-commands';
import { ProviderCommands } from './provider-commands';
import { Recovery } from './recovery';

@Module({
  providers: [CommandLog, OpenCommands, ProviderCommands, Recovery],
  exports: [CommandLog, OpenCommands, ProviderCommands, Recovery],
})
export class CommandsModule {}
