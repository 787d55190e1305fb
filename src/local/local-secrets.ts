import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Made once for this data folder, so that tokens and signatures stay good over a restart. Never used in production. */
export interface LocalSecrets {
  databaseOwnerPassword: string;
  databaseAppPassword: string;
  jwtSecret: string;
  webhookSecret: string;
}

/** Reads the secrets of the data folder, making them at the first call. The file is for this user only. */
export function localSecrets(dataDir: string): LocalSecrets {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'local-secrets.json');
  if (!existsSync(file)) {
    const made: LocalSecrets = {
      databaseOwnerPassword: randomBytes(18).toString('hex'),
      databaseAppPassword: randomBytes(18).toString('hex'),
      jwtSecret: randomBytes(32).toString('base64url'),
      webhookSecret: `pdl_ntfset_local_${randomBytes(24).toString('base64url')}`,
    };
    writeFileSync(file, JSON.stringify(made, null, 2), { mode: 0o600, flag: 'wx' });
  }
  return JSON.parse(readFileSync(file, 'utf8')) as LocalSecrets;
}
