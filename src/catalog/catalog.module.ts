import { Module } from '@nestjs/common';
import { Catalog } from './catalog';
import { CatalogController } from './catalog.controller';
import { ProductsController } from './products.controller';

@Module({ controllers: [ProductsController, CatalogController], providers: [Catalog], exports: [Catalog] })
export class CatalogModule {}
