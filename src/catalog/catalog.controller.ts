import { Controller, Get, Param } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { AllowRoles } from '../auth';
import { DomainError } from '../platform/domain-error';
import { ENVIRONMENTS, isEnvironment } from '../platform/environment';
import { FromReadModels } from '../projections';
import { Catalog } from './catalog';
import type { CatalogDto } from './catalog.dto';

@ApiTags('catalog')
@AllowRoles('admin')
@Controller('paddle/:environment/admin/catalog')
export class CatalogController {
  constructor(private readonly catalog: Catalog) {}

  /** Every product with every price as Paddle has them, archived ones and those made for one sale too. */
  @Get()
  @ApiParam({ name: 'environment', enum: ENVIRONMENTS })
  @FromReadModels()
  async getCatalog(@Param('environment') environment: string): Promise<CatalogDto> {
    if (!isEnvironment(environment)) throw new DomainError('not_found', 'There is no such environment.');
    return { environment, products: await this.catalog.products(environment) };
  }
}
