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
  devices: DeviceSetting;
  /** Of the named seats that its prices grant. */
  licenses: LicenseSetting;
  prices: PriceSetting[];
}

/** How devices come and go. */
export interface DeviceSetting {
  /** What an app may ask for where the limit is reached: `oldest` retires the device that was not seen for the longest. */
  reclaim: 'none' | 'oldest';
  /** So many new devices in so many days; null: any number. */
  churn: { devices: number; days: number } | null;
}

export interface LicenseSetting {
  /** Which seats go when fewer are paid than are used. `refuse` holds up our own commands; for what has happened it is `release_newest`. */
  whenReduced: 'release_newest' | 'release_oldest' | 'suspend_newest' | 'refuse';
  /** How long after a lapse the same entities get their seats back, when there are seats again. */
  restoreDays: number;
}

export interface PriceSetting {
  priceId: string;
  /** Whether subscribers may switch to it. */
  switchable: boolean;
  /** Named seats that each unit grants; null: none. */
  entities: number | null;
}

/** Product id by name (`p_ref`). A product may have several names. */
export type ProductRefs = Record<string, string>;

/** A setting of which only some is said. */
export interface GivenProductSetting extends Partial<
  Omit<ProductSetting, 'productId' | 'access' | 'devices' | 'licenses' | 'prices'>
> {
  productId: string;
  access?: Partial<ProductSetting['access']>;
  devices?: Partial<DeviceSetting>;
  licenses?: Partial<LicenseSetting>;
  prices?: GivenPriceSetting[];
}

export type GivenPriceSetting = Pick<PriceSetting, 'priceId'> & Partial<PriceSetting>;

/** Everything configured of the products of an environment. Immutable: a change makes another. */
export class ProductConfiguration {
  static readonly NONE = new ProductConfiguration([], {});

  private readonly settings: ReadonlyMap<string, ProductSetting>;
  private readonly prices: ReadonlyMap<string, PriceSetting>;
  private readonly idByRef: ReadonlyMap<string, string>;
  private readonly refById: ReadonlyMap<string, string>;

  constructor(products: ProductSetting[], refs: ProductRefs) {
    this.settings = new Map(products.map((product) => [product.productId, product]));
    this.prices = new Map(products.flatMap(({ prices }) => prices).map((price) => [price.priceId, price]));
    this.idByRef = new Map(Object.entries(refs));
    const fromLastName = Object.entries(refs).sort(([a], [b]) => (a < b ? 1 : -1));
    this.refById = new Map(fromLastName.map(([ref, productId]) => [productId, ref]));
  }

  /** As configured, or the defaults. */
  of(productId: string): ProductSetting {
    return this.configured(productId) ?? productSetting({ productId });
  }

  /** Every product that is configured. */
  all(): ProductSetting[] {
    return [...this.settings.values()];
  }

  /** As configured; null where nothing is. */
  configured(productId: string): ProductSetting | null {
    return this.settings.get(productId) ?? null;
  }

  /** What is configured of a price; null where nothing is. */
  configuredPrice(priceId: string): PriceSetting | null {
    return this.prices.get(priceId) ?? null;
  }

  /** As configured, or the defaults. */
  ofPrice(priceId: string): PriceSetting {
    return this.configuredPrice(priceId) ?? priceSetting({ priceId });
  }

  /** The product's name in the configuration; the first in the alphabet, where it has several. */
  refOf(productId: string): string | null {
    return this.refById.get(productId) ?? null;
  }

  /** The product that is meant by an id or a name. */
  productIdOf(idOrRef: string): string {
    return this.idByRef.get(idOrRef) ?? idOrRef;
  }
}

/** The whole setting: what is not said is as if the product were not configured. */
export function productSetting({ productId, access, devices, licenses, prices, ...given }: GivenProductSetting): ProductSetting {
  return {
    productId,
    visible: given.visible ?? true,
    order: given.order ?? null,
    access: { paused: access?.paused ?? 'none', pastDueGraceDays: access?.pastDueGraceDays ?? null },
    deviceLimit: given.deviceLimit ?? null,
    devices: { reclaim: devices?.reclaim ?? 'none', churn: devices?.churn ?? null },
    licenses: { whenReduced: licenses?.whenReduced ?? 'release_newest', restoreDays: licenses?.restoreDays ?? 30 },
    prices: (prices ?? []).map(priceSetting),
  };
}

function priceSetting({ priceId, switchable = true, entities = null }: GivenPriceSetting): PriceSetting {
  return { priceId, switchable, entities };
}
