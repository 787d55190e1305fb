export { Catalog } from './catalog';
export type { CatalogPrice, CatalogProduct } from './catalog-entries';
export { CatalogModule } from './catalog.module';
export { catalog, type KnownFrom } from './read-models/catalog';
