import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentActor, type Actor } from '../auth';
import { plainTextSchema } from '../platform/plain-text';
import { ValidQuery } from '../platform/valid-query';
import { FromReadModels } from '../projections';
import { ActiveProvider } from '../settings';
import type { AccessDto, EvidenceDto, ProductAccessDto } from './access.dto';
import type { ProductAccess } from './decide-access';
import { GetAccess } from './get-access';
import { GetAccessEvidence } from './get-access-evidence';

@ApiTags('access')
@ApiBearerAuth()
@Controller('products')
export class AccessController {
  constructor(
    private readonly queries: QueryBus,
    private readonly active: ActiveProvider,
  ) {}

  /**
   * What may the caller use, and why? Answered from our own state: Paddle being down changes nothing.
   * With `product`, exactly one entry, also when there is nothing.
   */
  @Get('access')
  @FromReadModels()
  @ValidQuery({
    product: { ...plainTextSchema(128), description: 'Only this product.' },
    explain: { type: 'string', enum: ['true', 'false'], description: '`true` adds the ledger events that led to the answer.' },
  })
  async getAccess(
    @CurrentActor() { userId }: Actor,
    @Query('product') productId?: string,
    @Query('explain') explain?: string,
  ): Promise<AccessDto> {
    const { environment } = this.active;
    const products = await this.queries.execute(new GetAccess(environment, userId, productId));
    if (explain !== 'true') return { environment, products: products.map(toDto) };
    const explained = await Promise.all(products.map((product) => this.explain(userId, product)));
    return { environment, products: explained, evidence: inLedgerOrder(explained.flatMap(({ evidence }) => evidence ?? [])) };
  }

  private async explain(userId: string, product: ProductAccess): Promise<ProductAccessDto> {
    const evidence = await this.queries.execute(new GetAccessEvidence(this.active.environment, userId, product));
    return { ...toDto(product), evidence };
  }
}

function toDto({ productId, access, reason, source, until, quantity }: ProductAccess): ProductAccessDto {
  return { productId, ref: null, access, reason, source, until, quantity };
}

/** Each event once. */
function inLedgerOrder(evidence: EvidenceDto[]): EvidenceDto[] {
  const byRef = new Map(evidence.map((one) => [one.ref, one]));
  return [...byRef.values()].sort((a, b) => a.position - b.position);
}
