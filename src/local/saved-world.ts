import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { SavedEngine, Simulator } from '../simulator';
import { writePrivateFile } from './private-file';
import type { SimulatorOwner } from './simulator-owner';

const INTERVAL_MS = 3_000;
/** A big world is saved less often: writing it down takes no more than this part of the time. */
const SHARE_OF_TIME = 0.05;

/** The simulator's world on disk, so that it outlives a restart of the app. */
export class SavedWorld {
  private readonly file: string;
  private timer: NodeJS.Timeout | undefined;
  private revision = '';
  private hasFailed = false;

  constructor(
    dataDir: string,
    private readonly owner: SimulatorOwner,
  ) {
    this.file = join(dataDir, 'simulator.json');
  }

  /** @returns null where there is none yet; a damaged one is set aside */
  read(): SavedEngine | null {
    if (!existsSync(this.file)) return null;
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as SavedEngine;
    } catch (error) {
      return this.setAside(error);
    }
  }

  /** Nobody's work is lost, and the app starts: with a new world. */
  setAside(reason: unknown): null {
    const aside = `${this.file}.damaged`;
    renameSync(this.file, aside);
    const why = (reason as Error).message;
    process.stderr.write(`The simulator's saved world cannot be read (${why}). It is now ${aside}; a new world begins.\n`);
    return null;
  }

  /** Saves every few seconds when something has changed. */
  follow(simulator: Simulator, intervalMs = INTERVAL_MS): void {
    this.timer = setTimeout(() => {
      const started = performance.now();
      this.save(simulator);
      this.follow(simulator, Math.max(INTERVAL_MS, (performance.now() - started) / SHARE_OF_TIME));
    }, intervalMs).unref();
  }

  /** Saves for the last time. */
  end(simulator: Simulator): void {
    clearTimeout(this.timer);
    this.save(simulator);
  }

  private save(simulator: Simulator): void {
    const revision = simulator.revision();
    if (revision === this.revision || !this.owner.isOurs()) return;
    try {
      writePrivateFile(this.file, JSON.stringify(simulator.save()));
      this.revision = revision;
    } catch (error) {
      if (!this.hasFailed) process.stderr.write(`The simulator's world cannot be saved: ${(error as Error).message}\n`);
      this.hasFailed = true;
    }
  }
}
