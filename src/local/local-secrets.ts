import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from './private-file';

/** Made once for this data folder, so that tokens and signatures stay good over a restart. Never used in production. */
export interface LocalSecrets {
  databaseOwnerPassword: string;
  databaseAppPassword: string;
  jwtSecret: string;
  webhookSecret: string;
  /** For the simulator's API: of the form that Paddle's keys have. */
  apiKey: string;
  /** Ed25519, the base64 of its PKCS#8 bytes. */
  offlineSigningKey: string;
}

/** Reads the secrets of the data folder, making them at the first call. The file is for this user only. */
export function localSecrets(dataDir: string): LocalSecrets {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'local-secrets.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(madeUp(), null, 2), { mode: 0o600, flag: 'wx' });
  const known = JSON.parse(readFileSync(file, 'utf8')) as Partial<LocalSecrets>;
  if (known.offlineSigningKey) return known as LocalSecrets;
  const all = { ...madeUp(), ...known }; // the file of an older version
  writePrivateFile(file, JSON.stringify(all, null, 2));
  return all;
}

function madeUp(): LocalSecrets {
  return {
    databaseOwnerPassword: randomBytes(18).toString('hex'),
    databaseAppPassword: randomBytes(18).toString('hex'),
    jwtSecret: randomBytes(32).toString('base64url'),
    webhookSecret: `pdl_ntfset_local_${randomBytes(24).toString('base64url')}`,
    apiKey: `pdl_sdbx_apikey_${randomBytes(13).toString('hex')}_${randomBytes(11).toString('hex')}_loc`,
    offlineSigningKey: generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  };
}
