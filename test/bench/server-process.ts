import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** One side of a comparison, as a process of its own. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** @param script below the root; TypeScript runs as it is */
  static async start(script: string, env: Record<string, string>): Promise<ServerProcess> {
    const loader = script.endsWith('.ts') ? ['-r', join(ROOT, '.config/ts.cjs')] : [];
    const child = spawn(process.execPath, [...loader, join(ROOT, script)], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout!.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const match = /API +(\S+)/.exec(text);
        if (match) resolve(match[1]!);
      });
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code}: ${text}`)));
    });
    return new ServerProcess(child, url);
  }

  /** A message for a script that waits for one. */
  tell(message: object): void {
    this.child.send(message);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.kill('SIGTERM');
    });
  }
}
