import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SystemClock } from '../platform/clock';
import { modeOf, type Settings } from '../platform/config';
import { signatureHeader } from '../provider/paddle';
import { callApp, type Answer } from './call-app';
import { UsageError } from './usage-error';

interface Delivery {
  file: string;
  body: Buffer;
}

/** Signs recorded webhook bodies and sends them, as Paddle would: a developer's tool. */
export async function webhooksSend(args: string[], settings: Settings): Promise<void> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  if (positionals.length === 0) throw new UsageError('Which webhooks? Name a file or a folder.');
  const repeat = Number(values.repeat);
  if (!Number.isInteger(repeat) || repeat < 1) throw new UsageError('--repeat must be a whole number from 1.');
  const recorded = positionals.flatMap(jsonFilesIn).map((file): Delivery => ({ file, body: readFileSync(file) }));
  if (recorded.length === 0) throw new UsageError('There is no .json file there.');
  const deliveries = Array.from({ length: repeat }, () => recorded).flat();
  const url = new URL(values.to.includes('/webhook') ? values.to : `${values.to.replace(/\/$/, '')}/webhook`);
  const secret = values.secret ?? (await defaultSecret(settings));
  const refused = await sendAll(values.shuffle ? shuffled(deliveries) : deliveries, url, secret);
  if (refused > 0) throw new Error(`${refused} of ${deliveries.length} were not accepted.`);
}

const OPTIONS = {
  to: { type: 'string', default: 'http://127.0.0.1:3000' },
  secret: { type: 'string' },
  shuffle: { type: 'boolean', default: false },
  repeat: { type: 'string', default: '1' },
} as const;

/** The files of a folder in the order of their names, folders inside it included. */
function jsonFilesIn(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new UsageError(`There is no ${path}.`);
  if (!stats.isDirectory()) return [path];
  const entries = readdirSync(path)
    .sort()
    .map((name) => join(path, name));
  return entries.flatMap((entry) => (statSync(entry).isDirectory() || entry.endsWith('.json') ? jsonFilesIn(entry) : []));
}

async function defaultSecret(settings: Settings): Promise<string> {
  const own = settings.PADDLE_SANDBOX_WEBHOOK_SECRET || settings.PADDLE_WEBHOOK_SECRET || settings.PADDLE_LIVE_WEBHOOK_SECRET;
  if (own) return own.split(',')[0]!.trim();
  if (modeOf(settings) === 'production') throw new UsageError('Which secret? Give --secret.');
  const { localSettings } = await import('../local/index.js');
  return localSettings(settings).PADDLE_SANDBOX_WEBHOOK_SECRET!;
}

async function sendAll(deliveries: Delivery[], url: URL, secret: string): Promise<number> {
  let refused = 0;
  for (const { file, body } of deliveries) {
    const answer = await send(body, url, secret);
    if (answer.status !== 200) refused++;
    const { status, ref, code, detail } = answer.document;
    const outcome = answer.status === 200 ? `${String(status)} at ${String(ref)}` : `${String(code)}: ${String(detail)}`;
    console.log(`${answer.status}  ${outcome}  ${file}`);
  }
  return refused;
}

function send(body: Buffer, url: URL, secret: string): Promise<Answer<Record<string, unknown>>> {
  const headers = {
    'content-type': 'application/json',
    'paddle-signature': signatureHeader(body, secret, new SystemClock().nowSeconds()),
  };
  return callApp(url, { method: 'POST', headers, body: new Uint8Array(body) });
}

function shuffled<T>(items: T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
