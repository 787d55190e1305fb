import { modeOf, type Settings } from '../platform/config';
import { prepareDatabase } from '../platform/migrations';
import { SettingsReader } from '../platform/settings-reader';
import { UsageError } from './usage-error';

/** Brings the schema up to date, so that the app itself can run without the owner's password. */
export async function migrate(_args: string[], given: Settings): Promise<void> {
  const surroundings =
    modeOf(given) === 'production' ? null : await (await import('../local/index.js')).startLocalDatabase(given);
  try {
    const read = new SettingsReader(surroundings?.settings ?? given);
    const url = read.postgresUrl('DATABASE_URL');
    const ownerUrl = read.postgresUrl('DATABASE_OWNER_URL');
    if (!url) throw new UsageError('DATABASE_URL is missing.');
    await prepareDatabase({ url, ownerUrl });
    console.log('The schema is up to date.');
  } finally {
    await surroundings?.stop();
  }
}
