import request from 'supertest';
import { OpenApiContract } from '../support/openapi';
import { recordedStories } from '../support/paddle/stories';
import { COMMAND_OPERATIONS } from '../support/shop';
import { TestApp } from '../support/test-app';

let app: TestApp;
let contract: OpenApiContract;

beforeAll(async () => {
  app = await TestApp.start({ settings: { CORS_ORIGINS: 'https://product.example.com' } });
  contract = await OpenApiContract.of(app.url);
  const stories = recordedStories();
  await app.play([...stories.signup!, ...stories['failed-renewal']!, ...stories['scheduled-cancel']!]);
  await app.send('signed garbage');
});
afterAll(() => TestApp.closeAll());

const ADMIN = ['admin'];
const SUBSCRIPTION = recordedStories().signup!.find(({ event_type }) => event_type === 'subscription.created')!.data.id as string;

describe('the OpenAPI document', () => {
  /** Every documented operation, with requests that show its answers. */
  const REQUESTS: Record<string, string[]> = {
    'GET /products/access': [
      '/products/access',
      '/products/access?product=pro_none',
      '/products/access?explain=true',
      '/products/access?explain=x',
    ],
    'POST /products/access/batch': ['/products/access/batch'],
    'GET /subscriptions/status': [
      '/subscriptions/status',
      '/subscriptions/status?product=',
      '/subscriptions/status?product=pro_none',
    ],
    'GET /products/list': ['/products/list'],
    'GET /paddle/{environment}/admin/catalog': [
      '/paddle/sandbox/admin/catalog',
      '/paddle/live/admin/catalog',
      '/paddle/x/admin/catalog',
    ],
    'GET /paddle/{environment}/config/products': ['/paddle/sandbox/config/products', '/paddle/x/config/products'],
    'POST /paddle/{environment}/config/products': ['/paddle/live/config/products', '/paddle/x/config/products'],
    'GET /paddle/{environment}/config/p_ref': ['/paddle/sandbox/config/p_ref', '/paddle/x/config/p_ref'],
    'POST /paddle/{environment}/config/p_ref': ['/paddle/live/config/p_ref', '/paddle/x/config/p_ref'],
    'GET /billing/history': [
      '/billing/history',
      '/billing/history?limit=1',
      '/billing/history?limit=0',
      '/billing/history?after=x',
    ],
    'GET /billing/invoice': ['/billing/invoice', '/billing/invoice?transactionId=', '/billing/invoice?transactionId=txn_none'],
    'GET /paddle/{environment}/admin/grants': [
      '/paddle/sandbox/admin/grants',
      '/paddle/live/admin/grants?limit=x',
      '/paddle/x/admin/grants',
    ],
    'GET /uuid': ['/uuid', '/uuid?limit=x'],
    'GET /uuid/{uuid}': ['/uuid/none'],
    'GET /paddle/{environment}/admin/devices': ['/paddle/live/admin/devices', '/paddle/x/admin/devices'],
    'GET /.well-known/jwks.json': ['/.well-known/jwks.json'],
    'GET /licenses/list': ['/licenses/list', '/licenses/list?limit=x'],
    'GET /licenses/check': ['/licenses/check', '/licenses/check?product=pro_none&entityId=ada'],
    'GET /paddle/{environment}/admin/licenses': ['/paddle/sandbox/admin/licenses', '/paddle/x/admin/licenses'],
    'POST /paddle/{environment}/admin/licenses/{id}/release': ['/paddle/sandbox/admin/licenses/lic_1/release'],
    'GET /sync/status': ['/sync/status', '/sync/status?transactionId=txn_1'],
    'GET /ledger/events': ['/ledger/events', '/ledger/events?limit=1', '/ledger/events?limit=x'],
    'GET /ledger/events/{ref}': ['/ledger/events/1', '/ledger/events/0'],
    'GET /ledger/streams/{streamId}': [`/ledger/streams/paddle:${SUBSCRIPTION}`, '/ledger/streams/paddle:none'],
    'GET /ledger/quarantine': ['/ledger/quarantine'],
    'GET /config/active': ['/config/active'],
    'GET /config/is-admin': ['/config/is-admin'],
    'GET /health/live': ['/health/live'],
    'GET /health/ready': ['/health/ready'],
    'GET /projections': ['/projections'],
    'POST /projections/{name}/rebuild': ['/projections/nothing/rebuild', '/projections/subscriptions/rebuild'],
    'GET /projections/{name}/rebuilds/{id}': ['/projections/subscriptions/rebuilds/2', '/projections/subscriptions/rebuilds/x'],
    'POST /projections/{name}/rebuilds/{id}/swap': ['/projections/subscriptions/rebuilds/1/swap'],
    'POST /projections/{name}/rebuilds/{id}/cancel': [
      '/projections/subscriptions/rebuilds/2/cancel',
      '/projections/subscriptions/rebuilds/2/cancel',
    ],
    'POST /projections/{name}/rollback': ['/projections/subscriptions/rollback'],
    'GET /dead-letters': ['/dead-letters', '/dead-letters?after=x'],
    'POST /dead-letters/{id}/retry': ['/dead-letters/customers.1.1-7/retry'],
    'POST /dead-letters/{id}/dismiss': ['/dead-letters/customers.1.1-7/dismiss'],
    'GET /problems/{type}': ['/problems/invalid-signature', '/problems/none', '/problems/constructor'],
  };

  it('names every operation once, and these requests cover them', () => {
    const streams = ['events', 'access-changes'].map((name) => `GET /projections/{name}/rebuilds/{id}/${name}`);
    const grants = ['POST /paddle/{environment}/admin/grants', 'DELETE /paddle/{environment}/admin/grants/{id}'];
    const devices = ['block', 'unblock', 'retire'].map(
      (what) => `POST /paddle/{environment}/admin/devices/{userId}/{uuid}/${what}`,
    );
    const elsewhere = [
      ...grants,
      ...devices,
      'POST /uuid',
      'POST /uuid/{uuid}/retire',
      ...COMMAND_OPERATIONS,
      'POST /licenses/save',
      'POST /licenses/update',
      'POST /webhook',
      'POST /paddle/{environment}/webhook',
      'GET /metrics',
      ...streams,
    ];
    expect([...Object.keys(REQUESTS), ...elsewhere].sort()).toEqual(contract.operations.sort());
    expect(new Set(contract.operationIds).size).toBe(contract.operationIds.length);
  });

  it.each(Object.entries(REQUESTS))('says of %s what it answers', async (operation, paths) => {
    for (const path of paths) {
      const ask = operation.startsWith('POST') ? app.post(path) : app.get(path, 'user_1', ADMIN);
      const { status, type, body } = await ask;
      expect(contract.violations(operation, { status, type, body })).toEqual([]);
    }
  });

  it('says of webhooks what they are answered', async () => {
    const [event] = recordedStories().renewal!;
    for (const answer of [await app.send(event!), await app.send(event!, { signature: 'bad' }), await app.send('garbage')]) {
      const { status, type, body } = answer;
      expect(contract.violations('POST /webhook', { status, type, body })).toEqual([]);
      expect(contract.violations('POST /paddle/{environment}/webhook', { status, type, body })).toEqual([]);
    }
  });

  it('would notice an answer that differs', () => {
    const answer = (body: unknown) => contract.violations('GET /config/active', { status: 200, type: 'application/json', body });
    expect(answer({ provider: 'paddle', environment: 'sandbox' })).toEqual([]);
    expect(answer({ provider: 'paddle' })).toHaveLength(1);
    expect(answer({ provider: 'paddle', environment: 'moon' })).toHaveLength(1);
    expect(answer({ provider: 'paddle', environment: 'live', secret: 1 })).toHaveLength(1);
  });
});

it('shows its documentation', async () => {
  const { text } = await request(app.url).get('/docs').expect(200);
  expect(text).toMatch(/swagger-ui/);
  await request(app.url).get('/docs/swagger-ui-bundle.js').expect(200);
});

it('is alive and ready', async () => {
  await request(app.url).get('/health/live').expect(200, { status: 'up' });
  await request(app.url)
    .get('/health/ready')
    .expect(200, {
      ready: true,
      database: 'up',
      ledgerProtection: 'grants and trigger',
      pendingEvents: 0,
      projections: [
        'customers',
        'subscriptions',
        'purchases',
        'grants',
        'catalog',
        'commands',
        'settings',
        'billing_history',
        'devices',
        'licenses',
      ].map((name) => ({
        name,
        status: 'live',
        parkedStreams: 0,
      })),
    });
});

it('counts what it does, without naming anybody', async () => {
  const { text, headers } = await request(app.url).get('/metrics').expect(200);
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(text).toMatch(/^oarlock_webhooks_total\{outcome="appended"\} \d+$/m);
  expect(text).toMatch(/^oarlock_webhooks_total\{outcome="malformed"\} [1-9]/m);
  expect(text).toMatch(/^oarlock_ledger_commands_total\{status="appended"\} \d+$/m);
  expect(text).toMatch(/^oarlock_read_model_position\{shard="1"\} \d+$/m);
  expect(text).toMatch(/^oarlock_http_request_seconds_count\{method="GET",route="\/ledger\/events\/:ref",status="404"\} \d+$/m);
  expect(text).not.toMatch(/user_1|ctm_|sub_|example\.com/);
});

it('serves what every problem means', async () => {
  const { body: problem } = await app.get('/nowhere').then((response) => response);
  expect(problem).toMatchObject({ status: 404, code: 'not_found', type: '/problems/not-found' });
  await request(app.url).get(problem.type).expect(200, { code: 'not_found', status: 404, title: problem.title });
});

describe('what is no request', () => {
  it.each([
    ['GET', '/nowhere', 404, 'not_found'],
    ['DELETE', '/webhook', 404, 'not_found'],
    ['POST', '/products/access', 404, 'not_found'],
    ['GET', '/ledger/events/%zz', 422, 'invalid_request'],
    ['GET', '/..%2f..%2fetc/passwd', 404, 'not_found'],
    ['GET', '/docs/..%2f..%2fpackage.json', 404, 'not_found'],
  ])('%s %s is answered %d', async (method, path, status, code) => {
    const token = await app.token('user_1', ADMIN);
    const { body, type } = await request(app.url)[method.toLowerCase() as 'get'](path).set('authorization', `Bearer ${token}`);
    expect({ status: body.status, code: body.code, type }).toEqual({ status, code, type: 'application/problem+json' });
    expect(JSON.stringify(body)).not.toMatch(/node_modules|at \w+ \(|SELECT|\/etc\//);
  });

  it('a body that no route asks for does no harm', async () => {
    const { body } = await request(app.url).post('/nowhere').set('content-type', 'application/json').send('{"a":');
    expect(body).toMatchObject({ status: 422, code: 'invalid_request' });
  });
});

describe('a browser of another origin', () => {
  it('is let in when its origin is configured, and reads our headers', async () => {
    const allowed = await request(app.url).get('/health/live').set('origin', 'https://product.example.com');
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': 'https://product.example.com',
      'access-control-expose-headers': expect.stringMatching(/Ledger-Position/),
    });
  });

  it('gets answers that say all they depend on', async () => {
    const authorization = `Bearer ${await app.token('user_1')}`;
    const { headers } = await request(app.url)
      .get('/billing/history')
      .set({ authorization, origin: 'https://product.example.com' });
    expect(headers.vary).toBe('Origin, Accept, Authorization');
  });

  it('may ask with every method that a route has', async () => {
    const asked = { origin: 'https://product.example.com', 'access-control-request-method': 'DELETE' };
    const { headers } = await request(app.url).options('/paddle/sandbox/admin/grants/grant_1').set(asked);
    expect(headers['access-control-allow-methods']).toBe('GET, HEAD, POST, DELETE');
  });

  it('is not when it is not', async () => {
    const other = await request(app.url).get('/health/live').set('origin', 'https://evil.example.com');
    expect(other.headers['access-control-allow-origin']).not.toBe('https://evil.example.com');
  });
});
