import { pino } from 'pino';
import { FakeClock } from '../../test/support/fake-clock';
import { API_KEY } from '../../test/support/paddle/client';
import { json, ScriptedServer } from '../../test/support/scripted-server';
import { loadConfig } from '../platform/config';
import { Metrics } from '../platform/metrics';
import { ProviderMetrics } from './provider-metrics';
import { Providers } from './providers';

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.start();
});
afterEach(() => server.close());

function providersOf(settings: Record<string, string>): Providers {
  const config = loadConfig({
    DATABASE_URL: 'postgres://app:secret@db/oarlock',
    AUTH_JWT_SECRET: 'x'.repeat(32),
    PADDLE_SANDBOX_WEBHOOK_SECRET: 'pdl_ntfset_aaaaaaaaaaaaaaaa',
    ...settings,
  });
  return new Providers(config, new FakeClock(), pino({ level: 'silent' }), new ProviderMetrics(new Metrics()));
}

it('gives the provider of an environment, always the same one, which calls nobody before it is asked', async () => {
  server.always(json(200, { data: { id: 'sub_1', status: 'active' } }));
  const providers = providersOf({ PADDLE_SANDBOX_API_KEY: API_KEY, PADDLE_SANDBOX_API_URL: server.url });
  const sandbox = providers.of('sandbox');
  expect(providers.of('sandbox')).toBe(sandbox);
  expect(server.requests).toHaveLength(0);
  expect((await sandbox.getSubscription('sub_1', { priority: 'user' })).value).toMatchObject({ id: 'sub_1', status: 'active' });
  expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${API_KEY}`);
  await providers.onApplicationShutdown();
  await expect(sandbox.getSubscription('sub_1', { priority: 'user' })).rejects.toMatchObject({ failure: 'unreachable' });
});

it('has none for an environment without an API key', () => {
  const providers = providersOf({ PADDLE_SANDBOX_API_KEY: API_KEY });
  expect([providers.isConfigured('sandbox'), providers.isConfigured('live')]).toEqual([true, false]);
  expect(() => providers.of('live')).toThrow(
    expect.objectContaining({
      code: 'provider_unavailable',
      message: 'No API key of the billing provider is set for live.',
    }),
  );
});
