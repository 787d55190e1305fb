export { Catalog } from './catalog';
export type { CatalogPrice, CatalogProduct } from './catalog-entries';
export { CatalogModule } from './catalog.module';
export { OrderedItemDto } from './ordered-item.dto';
export { catalog, type KnownFrom } from './read-models/catalog';
