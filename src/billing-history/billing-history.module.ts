import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers';
import { BillingHistory } from './billing-history';
import { BillingHistoryController } from './billing-history.controller';
import { ExportBillingHistoryHandler } from './export-billing-history';
import { GetBillingHistoryHandler } from './get-billing-history';
import { GetInvoiceLinkHandler } from './get-invoice-link';

@Module({
  imports: [CustomersModule],
  controllers: [BillingHistoryController],
  providers: [BillingHistory, GetBillingHistoryHandler, ExportBillingHistoryHandler, GetInvoiceLinkHandler],
})
export class BillingHistoryModule {}
