import { pino, type Logger } from 'pino';
import { Metrics } from '../../../src/platform/metrics';
import { CLIENT_SETTINGS, type ClientSettings } from '../../../src/provider/paddle/client/client-settings';
import type { ClientTools, PaddleAccount } from '../../../src/provider/paddle/client/paddle-account';
import { PaddleClient } from '../../../src/provider/paddle/client/paddle-client';
import { systemTimers } from '../../../src/provider/paddle/client/timers';
import { ProviderMetrics } from '../../../src/provider/provider-metrics';
import { FakeClock } from '../fake-clock';

export const API_KEY = 'pdl_sdbx_apikey_01hv8x2acma2gz7he8kg2s0hna_0123456789abcdefghijkl_abc';
/** A frozen simulator's time is the tests' time, whatever the machine's clock says. */
export const TEST_TIME = '2026-01-10T09:00:00Z';

const open = new Set<PaddleClient>();

export interface TestClient {
  client: PaddleClient;
  metrics: Metrics;
  clock: FakeClock;
  /** What was logged, line by line. */
  logged: Record<string, unknown>[];
}

export interface TestClientOptions {
  account?: Partial<PaddleAccount>;
  tools?: Partial<ClientTools>;
  settings?: Partial<ClientSettings>;
}

/** A client that does not wait longer than a test may: whoever waits for a fault, sets the limit that ends it. */
export function testClient(apiUrl: string, { account, tools, settings }: TestClientOptions = {}): TestClient {
  const [clock, metrics, logged] = [new FakeClock(TEST_TIME), new Metrics(), [] as Record<string, unknown>[]];
  const client = new PaddleClient(
    { environment: 'sandbox', apiKey: API_KEY, apiUrl, requestsPerMinute: 200, ...account },
    {
      clock,
      logger: loggerInto(logged),
      metrics: new ProviderMetrics(metrics),
      timers: systemTimers,
      random: () => 0.5,
      ...tools,
    },
    {
      ...CLIENT_SETTINGS,
      retries: { ...CLIENT_SETTINGS.retries, firstDelayMs: 1, maxDelayMs: 4 },
      closeGraceMs: 20,
      ...settings,
    },
  );
  open.add(client);
  return { client, metrics, clock, logged };
}

/** For `afterEach`: sockets that stay open would keep the test process. */
export async function closeTestClients(): Promise<void> {
  await Promise.all([...open].map((client) => client.close()));
  open.clear();
}

function loggerInto(lines: Record<string, unknown>[]): Logger {
  return pino({ level: 'trace', base: undefined }, { write: (line: string) => void lines.push(JSON.parse(line)) });
}
