import { spawnSync } from 'node:child_process';
import { chownSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How to start a program that refuses to run as root. */
export interface ProcessIdentity {
  uid?: number;
  gid?: number;
  /** Put before the program and its arguments. */
  prefix: string[];
}

const NOBODY = 65534;

/**
 * PostgreSQL refuses to run as root. Not root: nothing to do. Root: the unprivileged user `nobody`, or, where that
 * user cannot reach the folders (below a private home), root's files seen from a user namespace, where we are nobody.
 * @param folders that the program reads or writes
 * @throws Error naming the way out when neither works
 */
export function unprivilegedIdentity(folders: string[]): ProcessIdentity {
  if (process.getuid?.() !== 0) return { prefix: [] };
  if (folders.every(reachableByOthers)) return { uid: NOBODY, gid: NOBODY, prefix: [] };
  if (works('unshare', ['--user', '--', 'true'])) return { prefix: ['unshare', '--user', '--'] };
  throw new Error(
    'PostgreSQL does not run as root, and no other user can reach this folder. ' +
      'Start as another user, set OARLOCK_DATA_DIR to a folder outside the private home, or set DATABASE_URL.',
  );
}

/** Gives the data to whoever will use it, also when an earlier start used another identity. */
export function giveTo(identity: ProcessIdentity, folder: string): void {
  if (process.getuid?.() !== 0) return;
  const uid = identity.uid ?? 0;
  if (statSync(folder).uid === uid) return;
  chownTree(folder, uid, identity.gid ?? 0);
}

/** Linux only: the kernel stops the program when this process ends, however it ends. */
export function stopWithParent(): string[] {
  if (process.platform !== 'linux' || !works('setpriv', ['--pdeathsig', 'INT', '--', 'true'])) return [];
  return ['setpriv', '--pdeathsig', 'INT', '--'];
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function reachableByOthers(folder: string): boolean {
  const path = realpathSync(folder);
  const open = (statSync(path).mode & 0o001) !== 0;
  return open && (path === dirname(path) || reachableByOthers(dirname(path)));
}

function chownTree(path: string, uid: number, gid: number): void {
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) chownTree(join(path, name), uid, gid);
  chownSync(path, uid, gid);
}

function works(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
