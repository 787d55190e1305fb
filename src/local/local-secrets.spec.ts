import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSigningKey } from '../platform/signing-key';
import { localSecrets } from './local-secrets';

let dataDir: string;

beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'oarlock-secrets-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('makes them once, the key that signs among them', () => {
  const made = localSecrets(dataDir);
  expect(parseSigningKey(made.offlineSigningKey)?.asymmetricKeyType).toBe('ed25519');
  expect(localSecrets(dataDir)).toEqual(made);
});

it('adds what the file of an older version lacks, and keeps what it has', () => {
  const { offlineSigningKey: _, ...old } = localSecrets(dataDir);
  writeFileSync(join(dataDir, 'local-secrets.json'), JSON.stringify(old));
  const all = localSecrets(dataDir);
  expect(all).toEqual({ ...old, offlineSigningKey: expect.any(String) });
  expect(JSON.parse(readFileSync(join(dataDir, 'local-secrets.json'), 'utf8'))).toEqual(all);
});
