import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { FromReadModels } from '../projections';
import { ActiveProvider } from '../settings';
import { Catalog } from './catalog';
import type { CatalogPrice, CatalogProduct } from './catalog-entries';
import type { OfferedPriceDto, OfferedProductDto, ProductListDto } from './catalog.dto';

@ApiTags('products')
@ApiBearerAuth()
@Controller('products')
export class ProductsController {
  constructor(
    private readonly catalog: Catalog,
    private readonly active: ActiveProvider,
  ) {}

  /** What is on sale: active products with their active prices. Paddle is not asked, so this answers while it is down. */
  @Get('list')
  @FromReadModels()
  async listProducts(): Promise<ProductListDto> {
    return { products: (await this.catalog.productsOnSale(this.active.environment)).map(toProduct) };
  }
}

function toProduct({ id, name, description, imageUrl, prices }: CatalogProduct): OfferedProductDto {
  const known = { id, ref: null, name: name ?? id, description: description ?? '', imageUrl };
  return { ...known, prices: prices.flatMap((price) => toPrice(price, known.name) ?? []) };
}

/** A price without an amount or a quantity is none that a buyer can be shown. */
function toPrice(price: CatalogPrice, productName: string): OfferedPriceDto | null {
  const { id, name, unitPrice, billingCycle, trialPeriod, quantity } = price;
  if (!unitPrice || !quantity) return null;
  return { id, name: name ?? productName, unitPrice, billingCycle, trialPeriod, quantity, entities: null };
}
