import type { ProductConfiguration } from '../settings';
import { policyOf } from './decide-reaction';
import { entitlementTo, type ProductEntitlement, type SourceEntitlement } from './entitlement';
import { beyond, isHeld, usageOf, type License, type PoolSource, type Usage } from './license';

/** What is free and what is used of the seats that one source grants of one product. */
export interface PoolUsage extends Usage {
  source: PoolSource;
  productId: string;
  state: ProductEntitlement['state'];
  /** Why none can be given out; null where they can. */
  reason: ProductEntitlement['reason'];
}

export const CHECK_CODES = ['valid', 'over_limit', 'suspended', 'no_entitlement', 'released', 'not_found'] as const;

export type CheckCode = (typeof CHECK_CODES)[number];

export interface LicenseCheck {
  valid: boolean;
  code: CheckCode;
  license: License | null;
  pool: PoolUsage | null;
}

/** A user's licenses, and what their sources grant at this moment. */
export interface HeldLicenses {
  licenses: License[];
  sources: SourceEntitlement[];
}

/** The pools of a user, in the order of their sources; those that have lapsed only while they still hold seats. */
export function poolsOf({ licenses, sources }: HeldLicenses, productId?: string): PoolUsage[] {
  return sources.flatMap((source) => {
    const own = licenses.filter((license) => license.source.id === source.source.id);
    const held = own.filter(isHeld).map((license) => license.productId);
    const products = new Set([...source.products.map((product) => product.productId), ...held]);
    return [...products]
      .filter((id) => productId === undefined || id === productId)
      .map((id) => poolOf(source, id, own))
      .filter(({ state, used }) => state !== 'lapsed' || used > 0);
  });
}

const GONE = { state: 'lapsed', reason: 'product_removed', total: 0 } as const;

function poolOf({ source, ...entitlement }: SourceEntitlement, productId: string, licenses: License[]): PoolUsage {
  const granted = entitlementTo(productId, { source, ...entitlement });
  const { state, reason, total }: Omit<ProductEntitlement, 'productId'> = granted ?? GONE;
  return { source, productId, ...usageOf(licenses, productId, total, state === 'granting'), state, reason };
}

/**
 * May this entity use this product? Pure. Looked at in this order, and the first that holds is the answer:
 *
 * 1. `not_found`: the entity never had a license of the product.
 * 2. `released`: it had one.
 * 3. `no_entitlement`: it has one, and what granted it has ended.
 * 4. `suspended`: its license is suspended, or what grants it is paused or overdue.
 * 5. `over_limit`: it is among those that go because there are fewer seats than are used.
 * 6. `valid`.
 *
 * What the source grants at this very moment counts, whatever has been made of the license yet. Where an entity has several,
 * the best of them is the answer.
 */
export function decideCheck(
  held: HeldLicenses,
  configuration: ProductConfiguration,
  productId: string,
  entityId: string,
): LicenseCheck {
  const own = held.licenses.filter((license) => license.entityId === entityId && license.productId === productId);
  const checks = own.map((license) => checkOne(license, held, configuration));
  const [best] = checks.sort((a, b) => CHECK_CODES.indexOf(a.code) - CHECK_CODES.indexOf(b.code) || latestFirst(a, b));
  return best ?? { valid: false, code: 'not_found', license: null, pool: null };
}

/** The licenses that may be used now, each as {@link decideCheck} would find it. */
export function validLicenses(held: HeldLicenses, configuration: ProductConfiguration): License[] {
  return held.licenses.filter((license) => checkOne(license, held, configuration).valid);
}

function checkOne(license: License, { licenses, sources }: HeldLicenses, configuration: ProductConfiguration): LicenseCheck {
  const source = sources.find((one) => one.source.id === license.source.id)!;
  const siblings = licenses.filter((one) => one.source.id === license.source.id && one.productId === license.productId);
  const pool = poolOf(source, license.productId, siblings);
  const code = codeOf(license, pool, siblings, configuration);
  return { valid: code === 'valid', code, license, pool };
}

function codeOf(license: License, pool: PoolUsage, siblings: License[], configuration: ProductConfiguration): CheckCode {
  if (!isHeld(license)) return 'released';
  if (pool.state === 'lapsed') return 'no_entitlement';
  if (pool.state === 'suspended' || license.status === 'suspended') return 'suspended';
  const isBeyond =
    pool.overAllocated && beyond(siblings, pool.total, policyOf(configuration, license.productId)).includes(license);
  return isBeyond ? 'over_limit' : 'valid';
}

function latestFirst(a: LicenseCheck, b: LicenseCheck): number {
  return a.license!.statusSince < b.license!.statusSince ? 1 : -1;
}
