import { join } from 'node:path';
import {
  cycles,
  forbiddenArrows,
  importingOwnDoor,
  impureCores,
  reachingPastDoors,
  readSources,
  strayReads,
  unknownRooms,
  type Sources,
} from './support/architecture';

const SOURCES = readSources(join(__dirname, '../src'));

/** A rule that never failed proves nothing: each is shown code that breaks it. */
const RULES: { rule: string; check: (sources: Sources) => string[]; broken: Record<string, string>; found: string[] }[] = [
  {
    rule: 'rooms import only along drawn arrows',
    check: forbiddenArrows,
    broken: {
      'ledger/ledger.ts': `import { Access } from '../access';`,
      'access/index.ts': `export * from './access';`,
      'platform/clock.ts': `import('../local/index.js')`,
      'local/index.ts': '',
    },
    found: ['ledger/ledger.ts -> access/index.ts', 'platform/clock.ts -> local/index.ts'],
  },
  {
    rule: 'a core imports no Nest, no node:, no database',
    check: impureCores,
    broken: {
      'access/decide-access.ts': `import { Injectable } from '@nestjs/common';\nimport { Database } from '../platform/database';`,
      'subscriptions/read-models/subscriptions.ts': `import { Pool } from 'pg';`,
      'provider/paddle/translate.ts': `import { createHash } from 'node:crypto';`,
      'platform/database.ts': '',
    },
    found: [
      'access/decide-access.ts -> @nestjs/common',
      'access/decide-access.ts -> platform/database.ts',
      'subscriptions/read-models/subscriptions.ts -> pg',
      'provider/paddle/translate.ts -> node:crypto',
    ],
  },
  {
    rule: "nobody reaches past another room's door",
    check: reachingPastDoors,
    broken: {
      'access/user-access.ts': `import { x } from '../subscriptions/subscription';\nimport { y } from '../subscriptions';`,
      'subscriptions/subscription.ts': '',
      'subscriptions/index.ts': '',
    },
    found: ['access/user-access.ts -> subscriptions/subscription.ts'],
  },
  {
    rule: 'nobody imports their own door',
    check: importingOwnDoor,
    broken: {
      'ledger/ledger.ts': `import { ShardMap } from '.';`,
      'ledger/deep/tree.ts': `import { ShardMap } from '..';`,
      'ledger/index.ts': '',
    },
    found: ['ledger/ledger.ts -> ledger/index.ts', 'ledger/deep/tree.ts -> ledger/index.ts'],
  },
  {
    rule: 'there are no cycles',
    check: cycles,
    broken: {
      'ledger/a.ts': `import './b';`,
      'ledger/b.ts': `export * from './c';`,
      'ledger/c.ts': `import type { A } from './a';`,
    },
    found: ['ledger/a.ts -> ledger/b.ts -> ledger/c.ts -> ledger/a.ts'],
  },
  {
    rule: 'the environment and the clock are read in one place each',
    check: strayReads,
    broken: {
      'ledger/ledger.ts': `const now = Date.now();\n// process.env in a comment is fine`,
      'auth/guard.ts': `const secret = process.env.SECRET;`,
      'platform/clock.ts': 'Date.now()',
    },
    found: ['ledger/ledger.ts: \\bnew Date\\(\\)|\\bDate\\.now\\(', 'auth/guard.ts: \\bprocess\\.env\\b'],
  },
  {
    rule: 'every room is in the table of arrows',
    check: unknownRooms,
    broken: { 'utils/helpers.ts': '', 'main.ts': '' },
    found: ['utils'],
  },
];

describe.each(RULES)('$rule', ({ check, broken, found }) => {
  it('holds', () => expect(check(SOURCES)).toEqual([]));

  it('fails on code that breaks it', () => expect(check(new Map(Object.entries(broken)))).toEqual(found));
});

it('looks at all of the source', () => expect(SOURCES.size).toBeGreaterThan(50));
