import { Body, Controller, Get, HttpCode, Param, Post, Req, UseInterceptors } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { AllowRoles, CurrentActor, type Actor, type AuthenticatedRequest } from '../auth';
import { ENVIRONMENTS, type Environment } from '../platform/environment';
import { VALID_BODY } from '../platform/valid-body';
import { VALID_ENVIRONMENT } from '../platform/valid-environment';
import { FromReadModels, MarksPosition } from '../projections';
import { ChangeConfiguration, ConfigurationQueries, productSetting, type Configuration } from '../settings';
import { Catalog } from './catalog';
import { warningsAboutProducts, warningsAboutRefs } from './configuration-warnings';
import { ConfigureProductRefsDto, ConfigureProductsDto } from './configure-products.dto';
import type {
  ProductRefsChangedDto,
  ProductRefsDto,
  ProductSettingsChangedDto,
  ProductSettingsDto,
} from './product-settings.dto';
import { VALID_PRODUCT_REFS } from './valid-product-refs';

/** A thousand products with their prices. */
const BODY_LIMIT = 1024 * 1024;

@ApiTags('configuration')
@ApiParam({ name: 'environment', enum: ENVIRONMENTS })
@AllowRoles('admin')
@FromReadModels()
@Controller('paddle/:environment/config')
export class ProductSettingsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly configurations: ConfigurationQueries,
    private readonly catalog: Catalog,
  ) {}

  /** What is configured of the products: visibility, order, access, seats and limits. */
  @Get('products')
  async getProductSettings(@Param('environment', VALID_ENVIRONMENT) environment: Environment): Promise<ProductSettingsDto> {
    return toSettings(await this.configurations.of(environment, 'products'));
  }

  /**
   * Replaces all of it; in force at once. `version` is the one that it is based on: when somebody else changed it since, this
   * is `409 version_conflict`. Nothing is recorded where nothing changes. Unknown ids are accepted, with a warning.
   */
  @Post('products')
  @HttpCode(200)
  @RouteConfig({ bodyLimit: BODY_LIMIT })
  @UseInterceptors(MarksPosition)
  async configureProducts(
    @Param('environment', VALID_ENVIRONMENT) environment: Environment,
    @Body(VALID_BODY) { version, products }: ConfigureProductsDto,
    @CurrentActor() { userId: actor }: Actor,
    @Req() { id: requestId }: AuthenticatedRequest,
  ): Promise<ProductSettingsChangedDto> {
    const wanted = products.map(productSetting);
    const changed = await this.commands.execute(
      new ChangeConfiguration({ environment, actor, requestId }, 'products', version, wanted),
    );
    return { ...toSettings(changed), warnings: warningsAboutProducts(wanted, await this.catalog.products(environment)) };
  }

  /** The names of products: every `product` parameter takes one instead of an id. */
  @Get('p_ref')
  async getProductRefs(@Param('environment', VALID_ENVIRONMENT) environment: Environment): Promise<ProductRefsDto> {
    return toRefs(await this.configurations.of(environment, 'p_ref'));
  }

  /** Replaces all names, in the same way as the products. A product may have several. */
  @Post('p_ref')
  @HttpCode(200)
  @UseInterceptors(MarksPosition)
  async configureProductRefs(
    @Param('environment', VALID_ENVIRONMENT) environment: Environment,
    @Body(VALID_PRODUCT_REFS) { version, refs }: ConfigureProductRefsDto,
    @CurrentActor() { userId: actor }: Actor,
    @Req() { id: requestId }: AuthenticatedRequest,
  ): Promise<ProductRefsChangedDto> {
    const changed = await this.commands.execute(
      new ChangeConfiguration({ environment, actor, requestId }, 'p_ref', version, refs),
    );
    return { ...toRefs(changed), warnings: warningsAboutRefs(refs, await this.catalog.products(environment)) };
  }
}

function toSettings({ version, value: products, changedAt, changedBy }: Configuration<'products'>): ProductSettingsDto {
  return { version, products, changedAt, changedBy };
}

function toRefs({ version, value: refs, changedAt, changedBy }: Configuration<'p_ref'>): ProductRefsDto {
  return { version, refs, changedAt, changedBy };
}
