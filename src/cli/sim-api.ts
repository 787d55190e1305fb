import { modeOf, type Settings } from '../platform/config';
import { callApp, NoAnswer, Refused } from './call-app';
import { UsageError } from './usage-error';

const DEFAULT_PORT = '4020';

/** How to reach the simulator: an option of every command that does. */
export const SIM_OPTIONS = { simulator: { type: 'string' } } as const;

/** A running simulator, as its control routes show it. */
export class SimApi {
  private constructor(readonly url: string) {}

  /** The one that is named, else the one of `SIMULATOR_PORT`, else the one that runs on the data folder. */
  static async open(given: string | undefined, settings: Settings): Promise<SimApi> {
    if (given !== undefined && (!/^https?:/.test(given) || !URL.canParse(given))) {
      throw new UsageError(`--simulator must be a URL such as http://127.0.0.1:${DEFAULT_PORT}.`);
    }
    const port = settings.SIMULATOR_PORT?.trim();
    const running = given || (port && port !== '0') ? null : await runningHere(settings);
    return new SimApi((given ?? running ?? `http://127.0.0.1:${port || DEFAULT_PORT}`).replace(/\/+$/, ''));
  }

  get<Document>(path: string): Promise<Document> {
    return this.call(path, { method: 'GET' });
  }

  post<Document>(path: string, body: object = {}): Promise<Document> {
    const headers = { 'content-type': 'application/json' };
    return this.call(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  private async call<Document>(path: string, init: RequestInit): Promise<Document> {
    const { status, document } = await callApp(new URL(`${this.url}/_control/${path}`), init).catch((error: Error) => {
      if (!(error instanceof NoAnswer)) throw error;
      const where = `Nothing answers at ${this.url}. Is the simulator running (npm start, or npm run simulator)?`;
      throw new NoAnswer(where, { cause: error });
    });
    if (status < 300) return document as Document;
    throw new Refused(status, inWords(document));
  }
}

async function runningHere(settings: Settings): Promise<string | null> {
  if (modeOf(settings) === 'production') return null;
  return (await import('../local/index.js')).runningSimulator(settings);
}

interface SimulatorRefusal {
  error?: { code: string; detail: string; errors?: { field: string; message: string }[] };
}

/** The simulator's errors have Paddle's form. */
function inWords(document: SimulatorRefusal): { code?: string; detail?: string } {
  const { error } = document;
  if (!error) return document as { code?: string };
  const fields = (error.errors ?? []).map(({ field, message }) => `${field} ${message}`);
  return { code: error.code, detail: [error.detail, ...fields].join('; ') };
}
