import { deviceEvent, UUIDS } from '../../test/support/device-events';
import { FakeClock } from '../../test/support/fake-clock';
import { outcomeOf } from '../../test/support/given';
import type { AppendCommand, FoldableEvent, Ledger, LedgerReader } from '../ledger';
import { DomainError } from '../platform/domain-error';
import type { ReadModelPosition } from '../projections';
import type { DeviceEvent, DeviceList } from './device-list';
import { DeviceLog } from './device-log';

const BY = { environment: 'sandbox' as const, userId: 'user_1', actor: 'user_1', requestId: 'req_1' };
const RENAMED: DeviceEvent = { type: 'device.renamed', uuid: UUIDS[0], data: { name: 'x' } };

/** A stream, and what was asked of it. */
function stream(...events: FoldableEvent[]) {
  const reads: number[] = [];
  const waited: string[] = [];
  const rival: (() => void)[] = [];
  const reader = {
    readStreamEnd: (_: string, _stream: string, limit: number) => {
      reads.push(limit);
      return Promise.resolve({ events: events.slice(-limit), version: events.length });
    },
  };
  const ledger = {
    append: ({ expectedVersion, events: added }: AppendCommand) => {
      rival.shift()?.();
      if (expectedVersion !== events.length) return Promise.reject(new DomainError('version_conflict', 'too late'));
      const first = events.length + 1;
      for (const { eventId, type, body } of added) {
        const content = () => JSON.parse(body.toString()) as unknown;
        const place = { position: events.length + 1, streamId: 'device:x', eventId };
        events.push({ ...deviceEvent('device.registered', 1), ...place, type, content });
      }
      return Promise.resolve({ status: 'appended', shardId: 1, position: first, streamVersion: events.length });
    },
  };
  const position = { atLeast: (_: string, token: string) => Promise.resolve(void waited.push(token)) };
  const log = new DeviceLog(
    ledger as unknown as Ledger,
    reader as unknown as LedgerReader,
    position as unknown as ReadModelPosition,
    new FakeClock(),
  );
  return { log, events, reads, waited, rival };
}

/** `count` names of one device, one after the other. */
function history(count: number, past = 'a'): FoldableEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const type = index === 0 ? 'device.registered' : 'device.renamed';
    const change = { position: index + 1, eventId: `${past}_${index}` };
    return deviceEvent(type, index + 1, { name: `${past} ${index}` }, { ...change, occurredAt: '2026-01-01T00:00:00.000000Z' });
  });
}

const nameIn = (list: DeviceList) => [list.version, list.devices.get(UUIDS[0])?.name];

async function seenBy(log: DeviceLog): Promise<unknown[]> {
  let seen: unknown[] = [];
  await log.decide(BY, (list) => ((seen = nameIn(list)), []));
  return seen;
}

it('decides on the whole stream, and reads no more than its end once that is known', async () => {
  const { log, events, reads } = stream(...history(100));
  expect(await seenBy(log)).toEqual([100, 'a 99']);
  expect(await seenBy(log)).toEqual([100, 'a 99']);
  expect(reads).toEqual([32, Number.MAX_SAFE_INTEGER, 32]);
  events.push(...history(131).slice(100)); // as many as are read at once, but for the one that is known
  expect(await seenBy(log)).toEqual([131, 'a 130']);
  events.push(...history(163).slice(131));
  expect(await seenBy(log)).toEqual([163, 'a 162']);
  expect(reads.slice(3)).toEqual([32, 32, Number.MAX_SAFE_INTEGER]);
});

it('forgets what it knows when a restored database has another past', async () => {
  const { log, events } = stream(...history(5));
  expect(await seenBy(log)).toEqual([5, 'a 4']);
  events.splice(2, 3);
  expect(await seenBy(log)).toEqual([2, 'a 1']);
  events.splice(1, 1, ...history(5, 'b').slice(1));
  expect(await seenBy(log)).toEqual([5, 'b 4']);
  events.splice(0);
  expect(await seenBy(log)).toEqual([0, undefined]);
});

it('waits for what it decided, and for what it decided on where there was nothing to add', async () => {
  const { log, events, waited } = stream(...history(2));
  expect(await log.decide(BY, () => [])).toEqual([]);
  expect(await log.decide(BY, () => [RENAMED, RENAMED])).toEqual([RENAMED, RENAMED]);
  expect(waited).toEqual(['1-2', '1-4']);
  expect(events.slice(2).map((event) => event.content())).toEqual([
    { uuid: UUIDS[0], version: 3, name: 'x' },
    { uuid: UUIDS[0], version: 4, name: 'x' },
  ]);
});

it('decides again when somebody else was faster', async () => {
  const { log, events, rival } = stream(...history(1));
  const [, faster] = history(2, 'rival');
  rival.push(() => void events.push(faster!));
  const seen: unknown[] = [];
  await log.decide(BY, (list) => {
    seen.push(nameIn(list));
    return [RENAMED];
  });
  expect(seen).toEqual([
    [1, 'a 0'],
    [2, 'rival 1'],
  ]);
  expect(events).toHaveLength(3);
});

it('gives up when somebody else is always faster', async () => {
  const { log, events, rival } = stream(...history(1));
  for (let n = 1; n <= 40; n++) rival.push(() => void events.push(history(n + 1, 'rival')[n]!));
  const outcome = await log
    .decide(BY, () => [RENAMED])
    .catch((error: unknown) =>
      outcomeOf(() => {
        throw error;
      }),
    );
  expect(outcome).toMatchObject({ refused: 'service_unavailable' });
});

it('decides for one user after the other, also when a decision is refused', async () => {
  const { log, events } = stream(...history(1));
  const refusal = new DomainError('device_limit_reached', 'full');
  const outcomes = await Promise.allSettled([
    log.decide(BY, () => [RENAMED]),
    log.decide(BY, () => Promise.reject(refusal)),
    log.decide(BY, () => [RENAMED]),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(events).toHaveLength(3);
});
