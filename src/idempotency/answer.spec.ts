import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { finalAnswer } from './answer';

const replyOf = (statusCode: number, headers: Record<string, string | string[] | number | undefined> = {}) =>
  ({
    statusCode,
    getHeaders: () => headers,
    getHeader: (name: string) => headers[name],
    hasHeader: (name: string) => headers[name] !== undefined,
  }) as unknown as FastifyReply;

it('keeps status, bytes, and the headers that belong to the answer', () => {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'ledger-position': '42',
    location: '/subscriptions/sub_1',
    link: ['</a>; rel="next"', '</b>; rel="last"'],
    'retry-after': 7,
    'x-request-id': 'req_1',
    'access-control-allow-origin': 'https://product.example.com',
    vary: 'Origin',
    'set-cookie': 'session=1',
    'content-length': '2',
    'x-none': undefined,
  };
  expect(finalAnswer(replyOf(201, headers), '{}')).toEqual({
    status: 201,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'ledger-position': '42',
      location: '/subscriptions/sub_1',
      link: ['</a>; rel="next"', '</b>; rel="last"'],
      'retry-after': '7',
    },
    body: Buffer.from('{}'),
  });
});

it.each([
  ['text', 'Zürich', Buffer.from('Zürich')],
  ['bytes', Buffer.from([0, 255]), Buffer.from([0, 255])],
  ['nothing', undefined, Buffer.alloc(0)],
])('keeps %s as it is', (_, payload, body) => {
  expect(finalAnswer(replyOf(200), payload)).toEqual({ status: 200, headers: {}, body });
});

it('does not keep a stream', () => expect(finalAnswer(replyOf(200), Readable.from(['a']))).toBeNull());

it.each([200, 201, 202, 204, 302, 400, 404, 409, 410, 413, 422])('keeps %d', (status) => {
  expect(finalAnswer(replyOf(status), '')).toMatchObject({ status });
});

it.each([401, 403, 429, 500, 501, 502, 503, 504])('lets the caller try again after %d', (status) => {
  expect(finalAnswer(replyOf(status), '')).toBeNull();
});

it('lets the caller try again when the refusal says that it passes', () => {
  expect(finalAnswer(replyOf(409, { 'retry-after': '1' }), '')).toBeNull();
});

it('does not keep what nobody may keep', () => {
  expect(finalAnswer(replyOf(200, { 'cache-control': 'private, no-store' }), 'a link')).toBeNull();
});
