import { ApiBase } from './api-request';
import { OPERATIONS } from './operations';

const PADDLE = new ApiBase('https://api.paddle.com');
const CUSTOMERS = { operation: OPERATIONS.listCustomers, query: new URLSearchParams({ per_page: '200' }) };

it('builds paths below the address of the API', () => {
  const request = { operation: OPERATIONS.cancelSubscription, id: 'sub_01hv8x29kz0t586xy6zn1a62ny' };
  expect(PADDLE.pathOf(request)).toBe('/subscriptions/sub_01hv8x29kz0t586xy6zn1a62ny/cancel');
  expect(new ApiBase('http://127.0.0.1:4020/paddle/').pathOf(CUSTOMERS)).toBe('/paddle/customers?per_page=200');
});

it.each(['', '..', '../customers', 'sub_1/../../customers', 'sub_1?x=1', 'sub_1#', 'sub', 'sub_', '%2e%2e', 'sub_1\n'])(
  'takes nothing for an id that could lead to another path: %j',
  (id) => {
    const path = () => PADDLE.pathOf({ operation: OPERATIONS.getSubscription, id });
    expect(path).toThrow(expect.objectContaining({ failure: 'refused', refusal: 'not_found', outcome: 'not_done' }));
  },
);

it('follows the address of a next page', () => {
  const next = PADDLE.queryOfNext('https://api.paddle.com/customers?after=ctm_1&per_page=200', CUSTOMERS);
  expect([...next!]).toEqual([
    ['after', 'ctm_1'],
    ['per_page', '200'],
  ]);
});

it.each([
  ['another host', 'https://evil.example.com/customers?after=ctm_1'],
  ['another port', 'https://api.paddle.com:8443/customers?after=ctm_1'],
  ['no encryption', 'http://api.paddle.com/customers?after=ctm_1'],
  ['another list', 'https://api.paddle.com/api-keys?after=ctm_1'],
  ['a host that only begins alike', 'https://api.paddle.com.evil.example.com/customers?after=ctm_1'],
  ['a host behind a user name', 'https://api.paddle.com@evil.example.com/customers?after=ctm_1'],
  ['no address', ''],
])('does not follow it to %s', (_, next) => expect(PADDLE.queryOfNext(next, CUSTOMERS)).toBeNull());
