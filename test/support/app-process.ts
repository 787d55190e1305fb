import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Settings } from '../../src/platform/config';

const ROOT = join(__dirname, '../..');

/** The built app as a process of its own, as it runs in production: to be killed, and started again. */
export class AppProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    /** Everything that it has printed. */
    readonly output: () => string,
  ) {}

  /** Resolves when it says that it is up. */
  static async start(
    settings: Settings,
    { cwd = ROOT, user, main = 'dist/main.js' }: { cwd?: string; user?: number; main?: string } = {},
  ): Promise<AppProcess> {
    const env = { PATH: process.env.PATH, ...settings };
    const identity = user === undefined ? {} : { uid: user, gid: user };
    const child = spawn(process.execPath, [join(ROOT, main)], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...identity,
    });
    let text = '';
    const url = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        text += chunk.toString();
        const match = /API +(\S+)/.exec(text);
        if (match) resolve(match[1]!);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => reject(new Error(`the app ended with ${code}:\n${text}`)));
    });
    return new AppProcess(child, url, () => text);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** @returns the exit code, or the signal that ended it */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null)
      return Promise.resolve(this.child.exitCode ?? this.child.signalCode);
    return new Promise((resolve) => {
      this.child.once('exit', (code, by) => resolve(code ?? by));
      this.child.kill(signal);
    });
  }
}
