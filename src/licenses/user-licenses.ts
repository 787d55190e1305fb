import { Injectable } from '@nestjs/common';
import { UserAccess, type KnownAccess } from '../access';
import { Clock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { ProductSettings, type ProductConfiguration } from '../settings';
import type { HeldLicenses } from './decide-check';
import { entitlementsOf } from './entitlement';
import { LicenseQueries } from './license-queries';

/** What is known of one user's licenses. */
export interface KnownLicenses extends HeldLicenses {
  configuration: ProductConfiguration;
}

/**
 * The licenses of each user, remembered as long as what is known of the user's access is: an event about one of their pools is
 * about that source, so it is forgotten with it, before the position after it is shown. What the sources grant is of the same
 * moment as the access, which is decided anew whenever time alone changes it.
 */
@Injectable()
export class UserLicenses {
  private readonly known = new WeakMap<KnownAccess, KnownLicenses | Promise<KnownLicenses>>();

  constructor(
    private readonly access: UserAccess,
    private readonly queries: LicenseQueries,
    private readonly settings: ProductSettings,
    private readonly clock: Clock,
  ) {}

  /** The product that is meant by an id or a name. */
  productIdOf(environment: Environment, product: string): string {
    return this.settings.of(environment).productIdOf(product);
  }

  of(environment: Environment, userId: string): KnownLicenses | Promise<KnownLicenses> {
    const access = this.access.of(environment, userId);
    return access instanceof Promise
      ? access.then((known) => this.ofAccess(environment, known))
      : this.ofAccess(environment, access);
  }

  private ofAccess(environment: Environment, access: KnownAccess): KnownLicenses | Promise<KnownLicenses> {
    const known = this.known.get(access);
    if (known) return known;
    const reading = this.read(environment, access);
    this.known.set(access, reading);
    reading.then(
      (read) => this.known.set(access, read),
      () => this.known.delete(access),
    );
    return reading;
  }

  private async read(environment: Environment, { sources, configuration }: KnownAccess): Promise<KnownLicenses> {
    const own = entitlementsOf(sources, configuration, this.clock.now());
    const licenses = await this.queries.ofSources(
      environment,
      own.map(({ source }) => source.id),
    );
    return { licenses, sources: own, configuration };
  }
}
