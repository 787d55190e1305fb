export { decideCheck, validLicenses, type CheckCode, type HeldLicenses, type LicenseCheck, type PoolUsage } from './decide-check';
export type { License, LicenseStatus, PoolSource } from './license';
export { LICENSE_EVENT_TYPES, readLicenseFact, type LicenseChanged } from './license-facts';
export { LicensesModule } from './licenses.module';
export { licenses, type LicenseRow } from './read-models/licenses';
export { UserLicenses, type KnownLicenses } from './user-licenses';
