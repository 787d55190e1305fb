import { DEFAULT_APP, type AccessChange, type ProjectionState, type Rebuild, type RebuildDiff } from './projections-api';
import { commandLine, projectionsTable, rebuildSummary, waysOn } from './rebuild-summary';

const NOTHING: RebuildDiff = {
  added: 0,
  removed: 0,
  changed: 0,
  changedFields: {},
  access: { users: 0, gained: 0, lost: 0, changed: 0, samples: [] },
};

const REBUILD: Rebuild = {
  id: '2',
  projection: 'subscriptions',
  version: 3,
  state: 'ready',
  processed: 10,
  total: 10,
  eventsPerSecond: null,
  etaSeconds: null,
  parkedStreams: 0,
  diff: NOTHING,
  error: null,
};

const READY = 'Rebuild 2 of subscriptions is ready (version 3).';
const WHOSE = '  Whose: GET http://app/projections/subscriptions/rebuilds/2/access-changes';

function change(before: string | null, after: string | null, productId = 'pro_x', environment = 'live'): AccessChange {
  const level = (access: string | null) => (access === null ? null : { access });
  return { environment, userId: 'somebody', productId, before: level(before), after: level(after) };
}

function linesOf(diff: Partial<RebuildDiff>, rest: Partial<Rebuild> = {}): string[] {
  return rebuildSummary({ ...REBUILD, ...rest, diff: { ...NOTHING, ...diff } }, 'http://app').split('\n');
}

describe('rebuildSummary', () => {
  it('says so when nothing changes', () => {
    expect(linesOf({})).toEqual([READY, 'Rows: none differs from what is live.', "Access: nobody's changes."]);
  });

  it('counts rows, and the fields that differ, the most frequent first', () => {
    expect(linesOf({ added: 1, removed: 2_000, changed: 30, changedFields: { status: 4, snapshot: 30 } }).slice(1, 4)).toEqual([
      'Rows: 1 added, 2,000 removed, 30 changed.',
      '  snapshot differs in 30',
      '  status differs in 4',
    ]);
  });

  it('tells by environment and product who loses and who gains', () => {
    const samples = [
      change('full', 'none'),
      change('read_only', null),
      change('full', null),
      change(null, 'full'),
      change('full', 'read_only'),
      change('none', 'full', 'pro_y'),
      change('none', 'none', 'pro_y', 'sandbox'),
    ];
    expect(linesOf({ access: { users: 6, gained: 2, lost: 3, changed: 2, samples } }).slice(2)).toEqual([
      'Access: changes for 6 users (3 lost, 2 gained, 2 with other terms).',
      '  live: 3 users lose pro_x, 1 gains it, 1 keeps it with other terms',
      '  live: 1 user gains pro_y',
      '  sandbox: 1 user keeps pro_y with other terms',
      WHOSE,
    ]);
  });

  it('says when the samples are not all', () => {
    const access = { users: 1, gained: 0, lost: 1_500, changed: 0, samples: [change('full', 'none')] };
    expect(linesOf({ access }).slice(2)).toEqual([
      'Access: changes for 1 user (1,500 lost, 0 gained, 0 with other terms).',
      '  Of these, the first 1:',
      '  live: 1 user loses pro_x',
      WHOSE,
    ]);
  });

  it('warns of streams that could not be folded', () => {
    expect(linesOf({}, { parkedStreams: 1 })[1]).toBe(
      'Warning: 1 stream could not be folded, and will be out of date or missing. See GET /dead-letters.',
    );
  });

  it('does not claim to know what it means to people when nobody has looked', () => {
    expect(linesOf({ access: null }).at(-1)).toBe('Access: it is not known what this changes.');
  });
});

describe('projectionsTable', () => {
  const projection: ProjectionState = {
    name: 'customers',
    version: 1,
    status: 'live',
    lag: { events: 0, seconds: 0 },
    live: { id: '1', version: 1 },
    parkedStreams: 0,
    lastError: null,
    rebuild: null,
  };
  const rebuilding = { ...projection, name: 'subscriptions', version: 2, status: 'rebuilding' };

  it('shows each projection in a row, and what goes wrong below', () => {
    const running: Rebuild = { ...REBUILD, version: 2, state: 'running', processed: 999, total: 1_000, diff: null };
    const lagging = { lag: { events: 1_200, seconds: 75 }, parkedStreams: 3, lastError: 'Error: no', rebuild: running };
    expect(projectionsTable([projection, { ...rebuilding, ...lagging }]).split('\n')).toEqual([
      'NAME           STATUS      VERSION  LIVE BUILD     LAG                 PARKED  REBUILD',
      'customers      live        1        1 (version 1)  none                0       -',
      'subscriptions  rebuilding  2        1 (version 1)  1,200 (1 min 15 s)  3       2 (version 2): running, 99%',
      '',
      'Last errors:',
      'subscriptions: Error: no',
    ]);
  });

  it('tells a rebuild that waits for a decision from one that is not compared yet', () => {
    const cells = [NOTHING, null].map((diff) => projectionsTable([{ ...rebuilding, rebuild: { ...REBUILD, diff } }]));
    expect(cells[0]).toMatch(/2 \(version 3\): ready$/);
    expect(cells[1]).toMatch(/2 \(version 3\): ready, being compared$/);
  });
});

it('names the app in a command only where it is not the usual one', () => {
  expect(commandLine(DEFAULT_APP, 'list')).toBe('npm run oarlock -- projections list');
  expect(waysOn('http://app', 'subscriptions', '2').split('\n')).toEqual([
    '  npm run oarlock -- projections swap subscriptions 2 --to http://app',
    '  npm run oarlock -- projections cancel subscriptions 2 --to http://app',
  ]);
});
