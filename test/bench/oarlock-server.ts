import type { BenchDatabase } from './bench-database';
import { ServerProcess } from './server-process';

export const WEBHOOK_SECRET = 'pdl_ntfset_of_the_benchmark';
export const JWT_SECRET = 'a-secret-of-the-benchmark-that-is-long';

/** The app as it runs in production: one process, all its work switched on. */
export function startOarlock({ url }: BenchDatabase, more: Record<string, string> = {}): Promise<ServerProcess> {
  return ServerProcess.start('dist/main.js', {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: url,
    AUTH_JWT_SECRET: JWT_SECRET,
    PADDLE_SANDBOX_WEBHOOK_SECRET: WEBHOOK_SECRET,
    ...more,
  });
}
