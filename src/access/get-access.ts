import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Environment } from '../platform/environment';
import { noPurchase, type ProductAccess } from './decide-access';
import { UserAccess, type KnownAccess } from './user-access';

/** What a user may use, and why: all products, or exactly one. */
export class GetAccess extends Query<ProductAccess[]> {
  /** @param product its id, or its name in the configuration */
  constructor(
    readonly environment: Environment,
    readonly userId: string,
    readonly product?: string,
  ) {
    super();
  }
}

/** The same for many users: by user, in the order given. */
export class GetAccessOfMany extends Query<Map<string, ProductAccess[]>> {
  constructor(
    readonly environment: Environment,
    readonly userIds: string[],
    readonly products?: string[],
  ) {
    super();
  }
}

@QueryHandler(GetAccess)
export class GetAccessHandler implements IQueryHandler<GetAccess> {
  constructor(private readonly access: UserAccess) {}

  async execute({ environment, userId, product }: GetAccess): Promise<ProductAccess[]> {
    return accessTo(product === undefined ? undefined : [product], await this.access.of(environment, userId));
  }
}

@QueryHandler(GetAccessOfMany)
export class GetAccessOfManyHandler implements IQueryHandler<GetAccessOfMany> {
  constructor(private readonly access: UserAccess) {}

  async execute({ environment, userIds, products }: GetAccessOfMany): Promise<Map<string, ProductAccess[]>> {
    const known = await this.access.ofMany(environment, [...new Set(userIds)]);
    return new Map([...known].map(([userId, access]) => [userId, accessTo(products, access)]));
  }
}

function accessTo(wanted: string[] | undefined, { products, configuration }: KnownAccess): ProductAccess[] {
  if (wanted === undefined) return products;
  return [...new Set(wanted.map((name) => configuration.productIdOf(name)))].map(
    (productId) => products.find((product) => product.productId === productId) ?? noPurchase(productId),
  );
}
