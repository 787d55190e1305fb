import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { AllowRoles, CurrentActor, type Actor } from '../auth';
import { Catalog } from '../catalog';
import { plainTextSchema } from '../platform/plain-text';
import { VALID_BODY } from '../platform/valid-body';
import { ValidQuery } from '../platform/valid-query';
import { FromReadModels } from '../projections';
import { ActiveProvider, ProductSettings } from '../settings';
import {
  AccessBatchRequestDto,
  type AccessBatchDto,
  type AccessDto,
  type EvidenceDto,
  type ProductAccessDto,
} from './access.dto';
import type { ProductAccess } from './decide-access';
import { explainAnswer } from './explain-answer';
import { GetAccess, GetAccessOfMany } from './get-access';
import { GetAccessEvidence } from './get-access-evidence';

@ApiTags('access')
@ApiBearerAuth()
@Controller('products')
export class AccessController {
  constructor(
    private readonly queries: QueryBus,
    private readonly active: ActiveProvider,
    private readonly settings: ProductSettings,
    private readonly catalog: Catalog,
  ) {}

  /**
   * What may the caller use, and why? Answered from our own state: Paddle being down changes nothing.
   * With `product`, exactly one entry, also when there is nothing.
   */
  @Get('access')
  @FromReadModels()
  @ValidQuery({
    product: { ...plainTextSchema(128), description: 'Only this product: its id, or its name in the configuration (`p_ref`).' },
    explain: { type: 'string', enum: ['true', 'false'], description: '`true` adds the ledger events that led to the answer.' },
  })
  async getAccess(
    @CurrentActor() { userId }: Actor,
    @Query('product') product?: string,
    @Query('explain') explain?: string,
  ): Promise<AccessDto> {
    const { environment } = this.active;
    const products = await this.queries.execute(new GetAccess(environment, userId, product));
    if (explain !== 'true') return { environment, products: products.map((one) => this.toDto(one)) };
    const explained = await this.explain(userId, products);
    return { environment, products: explained, evidence: inLedgerOrder(explained.flatMap(({ evidence }) => evidence ?? [])) };
  }

  /** What may these users use? For servers: up to 100 users and 100 products at once. */
  @Post('access/batch')
  @HttpCode(200)
  @AllowRoles('service', 'admin')
  @FromReadModels()
  async getAccessOfMany(@Body(VALID_BODY) { userIds, products }: AccessBatchRequestDto): Promise<AccessBatchDto> {
    const { environment } = this.active;
    const access = await this.queries.execute(new GetAccessOfMany(environment, userIds, products));
    const users = [...access].map(([userId, own]) => ({ userId, products: own.map((one) => this.toDto(one)) }));
    return { environment, users };
  }

  private async explain(userId: string, products: ProductAccess[]): Promise<ProductAccessDto[]> {
    const { environment } = this.active;
    const names = await this.catalog.productNames(
      environment,
      products.map(({ productId }) => productId),
    );
    return Promise.all(
      products.map(async (product) => {
        const evidence = await this.queries.execute(new GetAccessEvidence(environment, userId, product));
        const explanation = explainAnswer(product, names.get(product.productId) ?? product.productId);
        return { ...this.toDto(product), explanation, evidence };
      }),
    );
  }

  private toDto({ productId, access, reason, source, until, quantity }: ProductAccess): ProductAccessDto {
    const ref = this.settings.of(this.active.environment).refOf(productId);
    return { productId, ref, access, reason, source, until, quantity };
  }
}

/** Each event once. */
function inLedgerOrder(evidence: EvidenceDto[]): EvidenceDto[] {
  const byRef = new Map(evidence.map((one) => [one.ref, one]));
  return [...byRef.values()].sort((a, b) => a.position - b.position);
}
