import { Module } from '@nestjs/common';
import { PurchaseQueries } from './purchase-queries';

@Module({ providers: [PurchaseQueries], exports: [PurchaseQueries] })
export class PurchasesModule {}
