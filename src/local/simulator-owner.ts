import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writePrivateFile } from './private-file';
import { isAlive } from './process-identity';

interface Owner {
  pid: number;
  /** Null until it listens. */
  url: string | null;
}

/** By then, one that is starting listens. */
const START_GRACE_MS = 5_000;
const POLL_MS = 50;

/** Which process runs the simulator of a data folder, and where: one at a time keeps the world. */
export class SimulatorOwner {
  private readonly file: string;

  constructor(dataDir: string) {
    this.file = join(dataDir, 'simulator.owner');
  }

  /**
   * Makes this process the owner, unless another runs the simulator. An owner that was killed is none.
   * @returns where the simulator of the other one is; null when it is ours to start
   */
  async take(): Promise<string | null> {
    const started = performance.now();
    while (!this.claim()) {
      const other = this.read();
      const isDead = !other || other.pid === process.pid || !isAlive(other.pid);
      if (isDead || performance.now() - started > START_GRACE_MS) rmSync(this.file, { force: true });
      else if (other.url && (await answers(other.url))) return other.url;
      else await delay(POLL_MS);
    }
    return null;
  }

  /** Tells others where it is. */
  publish(url: string): void {
    writePrivateFile(this.file, JSON.stringify({ pid: process.pid, url }));
  }

  isOurs(): boolean {
    return this.read()?.pid === process.pid;
  }

  release(): void {
    if (this.isOurs()) rmSync(this.file, { force: true });
  }

  /** Where the simulator of this folder runs now, if it does. */
  runningAt(): string | null {
    const owner = this.read();
    return owner && isAlive(owner.pid) ? owner.url : null;
  }

  private claim(): boolean {
    try {
      writeFileSync(this.file, JSON.stringify({ pid: process.pid, url: null }), { mode: 0o600, flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  private read(): Owner | null {
    try {
      return existsSync(this.file) ? (JSON.parse(readFileSync(this.file, 'utf8')) as Owner) : null;
    } catch {
      return null; // being written, or damaged
    }
  }
}

/** A number in an old file may belong to some other program by now, and so may the port. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/_control/clock`, { signal: AbortSignal.timeout(1_000) });
    return response.ok;
  } catch {
    return false;
  }
}
