import { Module } from '@nestjs/common';
import { AccessModule } from '../access';
import { CustomersModule } from '../customers';
import { PurchasesModule } from '../purchases';
import { SubscriptionsModule } from '../subscriptions';
import { AdminLicensesController } from './admin-licenses.controller';
import { CheckLicenseHandler } from './check-license';
import { ReleaseLicenseHandler } from './commands/release-license';
import { SaveLicensesHandler } from './commands/save-licenses';
import { UpdateLicenseHandler } from './commands/update-license';
import { LicenseAnswers } from './license-answers';
import { LicenseQueries } from './license-queries';
import { LicensesController } from './licenses.controller';
import { ListLicensesHandler, SearchLicensesHandler } from './list-licenses';
import { PoolLog } from './pool-log';
import { BareSources } from './reactors/bare-sources';
import { ConcernedAccounts } from './reactors/concerned-accounts';
import { LicenseReactions } from './reactors/license-reactions';
import { LicenseReactor } from './reactors/license-reactor';
import { ReactorMetrics } from './reactors/reactor-metrics';
import { ReactorRound } from './reactors/reactor-round';
import { ReactorWork } from './reactors/reactor-work';
import { SeatsAtStake } from './seats-at-stake';
import { UserLicenses } from './user-licenses';

const HANDLERS = [
  SaveLicensesHandler,
  UpdateLicenseHandler,
  ReleaseLicenseHandler,
  CheckLicenseHandler,
  ListLicensesHandler,
  SearchLicensesHandler,
];
const REACTORS = [BareSources, ConcernedAccounts, LicenseReactions, ReactorMetrics, ReactorWork, ReactorRound, LicenseReactor];

@Module({
  imports: [AccessModule, CustomersModule, PurchasesModule, SubscriptionsModule],
  controllers: [LicensesController, AdminLicensesController],
  providers: [LicenseQueries, UserLicenses, PoolLog, LicenseAnswers, SeatsAtStake, ...HANDLERS, ...REACTORS],
  exports: [UserLicenses],
})
export class LicensesModule {}
