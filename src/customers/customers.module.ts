import { Module } from '@nestjs/common';
import { CustomerLinks } from './customer-links';

@Module({ providers: [CustomerLinks], exports: [CustomerLinks] })
export class CustomersModule {}
