import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { verifySignature } from '../../src/provider/paddle';
import { EVENT_TYPES } from '../support/paddle/event-types';
import { SANDBOX_SECRET, TestApp } from '../support/test-app';

/** `npm run test:corpus -- <folder>`: recorded webhook bodies, one file for each event type. */
const FOLDER = resolve(process.env.CORPUS ?? '');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => TestApp.closeAll());

it('has a body of every event type', () => {
  expect(FILES.map((file) => file.replace('.json', '')).sort()).toEqual(EVENT_TYPES.toSorted());
});

it.each(FILES)('%s is accepted once and comes back byte for byte, with a signature that verifies again', async (file) => {
  const body = readFileSync(join(FOLDER, file));
  const first = await app.send(body).expect(200);
  expect(first.body.status).toBe('appended');
  const second = await app.send(body).expect(200);
  expect(second.body).toEqual({ ...first.body, status: 'duplicate' });
  const { body: event } = await app.get(`/ledger/events/${first.body.ref}`, 'eve', ['auditor']);
  expect(Buffer.from(event.body).equals(body)).toBe(true);
  const stored = { body: Buffer.from(event.body), header: event.headers['paddle-signature'], secrets: [SANDBOX_SECRET] };
  const check = { ...stored, keyOf: (key: string) => key, now: app.clock.nowSeconds(), toleranceSeconds: 1 };
  expect(verifySignature(check)).toEqual({ secret: SANDBOX_SECRET });
});

it('is read by every projection', () => app.caughtUp());
