import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { FromReadModels } from '../projections';
import { ActiveProvider, ProductSettings } from '../settings';
import { Catalog } from './catalog';
import type { ProductListDto } from './catalog.dto';
import { productList } from './product-list';

@ApiTags('products')
@ApiBearerAuth()
@Controller('products')
export class ProductsController {
  constructor(
    private readonly catalog: Catalog,
    private readonly settings: ProductSettings,
    private readonly active: ActiveProvider,
  ) {}

  /**
   * What is on sale: active products with their active prices, in the configured order, hidden ones left out. Paddle is not
   * asked, so this answers while it is down.
   */
  @Get('list')
  @FromReadModels()
  async listProducts(): Promise<ProductListDto> {
    const { environment } = this.active;
    return { products: productList(await this.catalog.productsOnSale(environment), this.settings.of(environment)) };
  }
}
