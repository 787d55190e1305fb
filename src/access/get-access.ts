import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Environment } from '../platform/environment';
import { noPurchase, type ProductAccess } from './decide-access';
import { UserAccess } from './user-access';

/** What a user may use, and why: all products, or exactly one. */
export class GetAccess extends Query<ProductAccess[]> {
  constructor(
    readonly environment: Environment,
    readonly userId: string,
    readonly productId?: string,
  ) {
    super();
  }
}

@QueryHandler(GetAccess)
export class GetAccessHandler implements IQueryHandler<GetAccess> {
  constructor(private readonly access: UserAccess) {}

  async execute({ environment, userId, productId }: GetAccess): Promise<ProductAccess[]> {
    const { products } = await this.access.of(environment, userId);
    if (productId === undefined) return products;
    return [products.find((product) => product.productId === productId) ?? noPurchase(productId)];
  }
}
