import type { EventPlace } from '../../ledger';
import { Concerned } from './concerned';

function place(position: number, streamId: string, customerId: string | null = 'ctm_1'): EventPlace {
  return { position, eventId: `evt_${position}`, streamId, customerId, userId: null };
}

const causeOf = (places: EventPlace[], later: EventPlace[] = []) =>
  new Concerned(places, [], () => Promise.resolve(later)).causeOf('sub_1', 'ctm_1');

it('names whom events are about', () => {
  const concerned = new Concerned([place(1, 'paddle:sub_1'), place(2, 'config:products', null)], ['sub_2'], () =>
    Promise.resolve([]),
  );
  expect([...concerned.sourceIds]).toEqual(['sub_1', 'products', 'sub_2']);
  expect([[...concerned.customerIds], concerned.everybody]).toEqual([['ctm_1'], true]);
});

it('finds the cause in the newest event about the source', async () => {
  const places = [place(1, 'paddle:sub_1'), place(2, 'paddle:sub_1'), place(3, 'paddle:txn_1'), place(4, 'license-pool:sub_1')];
  expect(await causeOf(places)).toBe('evt_2');
});

it('finds it in what came after these events, when the read models show that already', async () =>
  expect(await causeOf([place(1, 'license-pool:sub_1')], [place(2, 'paddle:sub_1')])).toBe('evt_2'));

it('takes an event about the customer where none is about the source itself: a refund', async () =>
  expect(await causeOf([place(1, 'paddle:adj_1'), place(2, 'license-pool:sub_1'), place(3, 'paddle:adj_2', 'ctm_2')])).toBe(
    'evt_1',
  ));

it('finds none where time alone was the cause', async () => expect(await causeOf([])).toBeUndefined());
