import type { FastifyReply } from 'fastify';
import { negotiate, preferredType } from './negotiation';

const OFFERED = ['application/json', 'text/csv'] as const;

it.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['text/csv', 'text/csv'],
  ['TEXT/CSV; header=present', 'text/csv'],
  ['text/*', 'text/csv'],
  ['application/json, text/plain, */*', 'application/json'],
  ['text/csv, */*', 'text/csv'],
  ['application/json;q=0.5, text/csv;q=0.9', 'text/csv'],
  ['text/csv;q=0, */*', 'application/json'],
  ['application/json;q=0, */*;q=0.1', 'text/csv'],
  ['image/png', 'application/json'],
  ['text/csv;q=lots', 'application/json'],
  [',;,', 'application/json'],
])('who accepts %s gets %s', (accept, type) => {
  expect(preferredType(accept, OFFERED)).toBe(type);
});

it('gives a browser that names neither the first', () => {
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8';
  expect(preferredType(accept, ['application/pdf', 'application/json'])).toBe('application/pdf');
});

it('tells caches', () => {
  const set: string[] = [];
  const reply = { getHeader: () => undefined, header: (...header: string[]) => set.push(...header) } as unknown as FastifyReply;
  expect(negotiate({ headers: { accept: 'text/csv' } }, reply, OFFERED)).toBe('text/csv');
  expect(set).toEqual(['vary', 'Accept']);
});
