import { Controller, Get, Param } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { AllowRoles } from '../auth';
import { ENVIRONMENTS, type Environment } from '../platform/environment';
import { VALID_ENVIRONMENT } from '../platform/valid-environment';
import { FromReadModels } from '../projections';
import { ProductSettings, type PriceSetting, type ProductConfiguration, type ProductSetting } from '../settings';
import { Catalog } from './catalog';
import type { CatalogProduct } from './catalog-entries';
import type { CatalogDto, CatalogProductDto } from './catalog.dto';
import type { PriceConfigurationDto, ProductConfigurationDto } from './product-settings.dto';

@ApiTags('catalog')
@AllowRoles('admin')
@Controller('paddle/:environment/admin/catalog')
export class CatalogController {
  constructor(
    private readonly catalog: Catalog,
    private readonly settings: ProductSettings,
  ) {}

  /**
   * Every product with every price as Paddle has them, archived ones and those made for one sale too, with what is configured
   * of each.
   */
  @Get()
  @ApiParam({ name: 'environment', enum: ENVIRONMENTS })
  @FromReadModels()
  async getCatalog(@Param('environment', VALID_ENVIRONMENT) environment: Environment): Promise<CatalogDto> {
    const configuration = this.settings.of(environment);
    const products = await this.catalog.products(environment);
    return { environment, products: products.map((product) => toProduct(product, configuration)) };
  }
}

function toProduct(product: CatalogProduct, configuration: ProductConfiguration): CatalogProductDto {
  const prices = product.prices.map((price) => ({
    ...price,
    configuration: ofPrice(configuration.configuredPrice(price.id)),
  }));
  const own = configuration.configured(product.id);
  return { ...product, ref: configuration.refOf(product.id), configuration: ofProduct(own), prices };
}

function ofProduct(setting: ProductSetting | null): ProductConfigurationDto | null {
  if (!setting) return null;
  const { visible, order, access, deviceLimit, devices, licenses } = setting;
  return { visible, order, access, deviceLimit, devices, licenses };
}

function ofPrice(setting: PriceSetting | null): PriceConfigurationDto | null {
  return setting && { switchable: setting.switchable, entities: setting.entities };
}
