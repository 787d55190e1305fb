/** What an admin says of a product. */
export interface ProductSetting {
  productId: string;
  /** Whether it is offered in `GET /products/list`. */
  visible: boolean;
  /** Place in lists; those without one come after, by name. */
  order: number | null;
  access: {
    /** What a paused subscription gives. */
    paused: 'none' | 'read_only';
    /** How long a subscription gives access after a payment failed; null: as long as it is past due. */
    pastDueGraceDays: number | null;
  };
  /** Devices of one user; null: any number. */
  deviceLimit: number | null;
  prices: PriceSetting[];
}

export interface PriceSetting {
  priceId: string;
  /** Whether subscribers may switch to it. */
  switchable: boolean;
  /** Named seats that each unit grants; null: none. */
  entities: number | null;
}

/** Everything configured of the products of an environment. Immutable: a change makes another. */
export class ProductConfiguration {
  static readonly NONE = new ProductConfiguration([], {});

  private readonly settings: ReadonlyMap<string, ProductSetting>;
  private readonly idByRef: ReadonlyMap<string, string>;
  private readonly refById: ReadonlyMap<string, string>;

  /** @param refs product id by name (`p_ref`) */
  constructor(products: ProductSetting[], refs: Record<string, string>) {
    this.settings = new Map(products.map((product) => [product.productId, product]));
    this.idByRef = new Map(Object.entries(refs));
    this.refById = new Map(
      Object.entries(refs)
        .toReversed()
        .map(([ref, productId]) => [productId, ref]),
    );
  }

  /** As configured, or the defaults. */
  of(productId: string): ProductSetting {
    return this.settings.get(productId) ?? { ...DEFAULTS, productId };
  }

  /** The product's name in the configuration; the first, where it has several. */
  refOf(productId: string): string | null {
    return this.refById.get(productId) ?? null;
  }

  /** The product that is meant by an id or a name. */
  productIdOf(idOrRef: string): string {
    return this.idByRef.get(idOrRef) ?? idOrRef;
  }
}

const DEFAULTS: Omit<ProductSetting, 'productId'> = {
  visible: true,
  order: null,
  access: { paused: 'none', pastDueGraceDays: null },
  deviceLimit: null,
  prices: [],
};
