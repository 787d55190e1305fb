import { Injectable } from '@nestjs/common';
import { In, type FindOptionsWhere } from 'typeorm';
import { ShardMap } from '../ledger';
import type { Environment } from '../platform/environment';
import { ReadModels } from '../projections';
import { productsWithPrices, type CatalogPrice, type CatalogProduct } from './catalog-entries';
import { catalog, type CatalogRow } from './read-models/catalog';

/** The products and prices of an environment, as mirrored: it answers while the provider is down. */
@Injectable()
export class Catalog {
  constructor(
    private readonly readModels: ReadModels,
    private readonly shards: ShardMap,
  ) {}

  /** @returns null for a price that was never seen in this environment */
  async price(environment: Environment, priceId: string): Promise<CatalogPrice | null> {
    return (await this.prices(environment, [priceId]))[0] ?? null;
  }

  /**
   * The prices of an environment, archived and custom ones too.
   * @param priceIds only these; those that were never seen in this environment are left out
   */
  async prices(environment: Environment, priceIds?: string[]): Promise<CatalogPrice[]> {
    const rows = await this.rows(environment, priceIds && { id: In(priceIds) });
    const productIds = priceIds ? rows.flatMap(({ price }) => price?.productId ?? []) : [];
    if (productIds.length > 0) rows.push(...(await this.rows(environment, { id: In(productIds) })));
    return productsWithPrices(rows).flatMap(({ prices }) => prices);
  }

  /** Every product with every price, archived and custom ones too, by name. */
  async products(environment: Environment): Promise<CatalogProduct[]> {
    return productsWithPrices(await this.rows(environment));
  }

  /** What products are called, by id; those whose name nobody knows are left out. */
  async productNames(environment: Environment, productIds: string[]): Promise<Map<string, string>> {
    const products = productsWithPrices(await this.rows(environment, { id: In(productIds) }));
    return new Map(products.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])));
  }

  /** The products on sale with their prices on sale, by name. */
  async productsOnSale(environment: Environment): Promise<CatalogProduct[]> {
    const products = productsWithPrices(await this.rows(environment, { type: 'standard' }));
    return products
      .filter(({ onSale }) => onSale)
      .map((product) => ({ ...product, prices: product.prices.filter(({ onSale }) => onSale) }));
  }

  private rows(environment: Environment, where: FindOptionsWhere<CatalogRow> = {}): Promise<CatalogRow[]> {
    return this.readModels.of(catalog).find({ where: { ...where, shardId: In(this.shards.shardsOf(environment)) } });
  }
}
