import { Module } from '@nestjs/common';
import { Catalog } from './catalog';
import { CatalogController } from './catalog.controller';
import { ProductSettingsController } from './product-settings.controller';
import { ProductsController } from './products.controller';

@Module({
  controllers: [ProductsController, CatalogController, ProductSettingsController],
  providers: [Catalog],
  exports: [Catalog],
})
export class CatalogModule {}
