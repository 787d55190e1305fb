import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** Source text by path below `src`, with `/` between folders. */
export type Sources = Map<string, string>;

export interface Import {
  from: string;
  /** Path below `src` for one of ours, the package's name for others. */
  to: string;
  own: boolean;
}

/** Which rooms a room may import. Rooms that are not named may not import any: a new one has to be entered here. */
export const ARROWS: Record<string, string[]> = {
  platform: [],
  ledger: ['platform'],
  projections: ['platform', 'ledger'],
  provider: ['platform'],
  auth: ['platform'],
  instances: ['platform'],
  idempotency: ['platform', 'auth', 'instances'],
  settings: ['platform', 'ledger', 'projections', 'provider', 'auth'],
  catalog: ['platform', 'ledger', 'projections', 'provider', 'auth', 'settings'],
  customers: ['platform', 'ledger', 'projections', 'provider', 'auth', 'settings'],
  commands: ['platform', 'ledger', 'projections', 'provider', 'instances'],
  checkout: ['platform', 'provider', 'auth', 'idempotency', 'settings', 'catalog', 'customers', 'commands', 'subscriptions'],
  subscriptions: [
    'platform',
    'ledger',
    'projections',
    'provider',
    'auth',
    'idempotency',
    'settings',
    'catalog',
    'customers',
    'commands',
  ],
  purchases: ['platform', 'ledger', 'projections', 'provider'],
  grants: ['platform', 'ledger', 'projections', 'auth', 'idempotency', 'settings'],
  'billing-history': ['platform', 'ledger', 'projections', 'provider', 'auth', 'settings', 'customers', 'purchases'],
  access: [
    'platform',
    'ledger',
    'projections',
    'provider',
    'auth',
    'settings',
    'catalog',
    'customers',
    'subscriptions',
    'purchases',
    'grants',
  ],
  devices: ['platform', 'ledger', 'projections', 'auth', 'settings', 'access', 'licenses'],
  licenses: [
    'platform',
    'ledger',
    'projections',
    'provider',
    'auth',
    'idempotency',
    'settings',
    'catalog',
    'customers',
    'subscriptions',
    'purchases',
    'access',
  ],
  sync: ['platform', 'ledger', 'projections', 'provider', 'auth', 'settings', 'customers', 'subscriptions'],
  webhooks: ['platform', 'ledger', 'provider', 'auth'],
  audit: ['platform', 'ledger', 'projections', 'provider', 'auth', 'settings', 'webhooks'],
  operations: ['platform', 'ledger', 'projections', 'auth', 'access'],
  cli: ['', 'platform', 'ledger', 'projections', 'provider', 'local'],
  local: ['platform', 'simulator'],
  simulator: ['platform'],
};

/** Cores: what decides. They take facts and a time, and know nothing of frameworks, files, networks or databases. */
const CORES = [
  /^[^/]+\/decide-[^/]+\.ts$/,
  /^[^/]+\/explain-[^/]+\.ts$/,
  /^[^/]+\/read-models\/[^/]+\.ts$/,
  /^catalog\/(catalog-entries|product-list|configuration-warnings)\.ts$/,
  /^subscriptions\/subscription\.ts$/,
  /^purchases\/(purchase|adjustments)\.ts$/,
  /^grants\/(grant|grant-facts|grant-cursor)\.ts$/,
  /^billing-history\/(billing-entry|billing-csv|history-cursor|invoices|merged-transactions)\.ts$/,
  /^settings\/(product-configuration|configuration-facts|configuration-rules)\.ts$/,
  /^devices\/(device|device-facts|device-list|device-rules|device-cursor|metadata)\.ts$/,
  /^devices\/offline\/offline-statement\.ts$/,
  /^licenses\/(license|license-pool|entitlement)\.ts$/,
  /^auth\/actor\.ts$/,
  /^ledger\/(event|shards)\.ts$/,
  /^projections\/(fold|projection|position-token)\.ts$/,
  /^provider\/billing-facts\.ts$/,
  /^provider\/paddle\/(translate.*|watermark|json-fields)\.ts$/,
  /^simulator\/world\/(?!random)[^/]+\.ts$/,
  /^platform\/(instant|money|plain-text|problem-details|domain-error)\.ts$/,
];

export function readSources(root: string): Sources {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
  );
  return new Map(files.map((file) => [file.replaceAll('\\', '/'), readFileSync(join(root, file), 'utf8')]));
}

/** Rooms import only along drawn arrows. */
export function forbiddenArrows(sources: Sources): string[] {
  return ownImports(sources)
    .filter(({ from, to }) => roomOf(from) !== '' && roomOf(from) !== roomOf(to))
    .filter(({ from, to }) => !ARROWS[roomOf(from)]?.includes(roomOf(to)))
    .map(describe);
}

/** A core imports no Nest, no `node:`, no database, nor one of ours that does. */
export function impureCores(sources: Sources): string[] {
  const isCore = (file: string) => CORES.some((pattern) => pattern.test(file));
  const impure = (to: string) => /^(@nestjs\/|node:|pg$|typeorm$|fastify$|undici$)/.test(to);
  return importsOf(sources)
    .filter(({ from }) => isCore(from))
    .filter(({ to, own }) => (own ? isFramework(to) : impure(to)))
    .map(describe);
}

/** Others import a room's door, `index.ts`, and nothing behind it. The platform is all door. */
export function reachingPastDoors(sources: Sources): string[] {
  return ownImports(sources)
    .filter(({ from, to }) => roomOf(to) !== roomOf(from) && !['platform', ''].includes(roomOf(to)))
    .filter(({ from, to }) => !to.endsWith('/index.ts') && !isEntrance(from, to))
    .map(describe);
}

/** Nobody goes through their own door. */
export function importingOwnDoor(sources: Sources): string[] {
  return ownImports(sources)
    .filter(
      ({ from, to }) => to === `${dirname(from)}/index.ts` || (roomOf(from) === roomOf(to) && to === `${roomOf(from)}/index.ts`),
    )
    .map(describe);
}

/** No file depends on itself, over however many others. */
export function cycles(sources: Sources): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of ownImports(sources)) next.set(from, [...(next.get(from) ?? []), to]);
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (done.has(file) || path.includes(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return found;
}

/** The environment is read in one place, and so is the machine's clock. */
export function strayReads(sources: Sources): string[] {
  const owners: [RegExp, string][] = [
    [/\bprocess\.env\b/, 'platform/config.ts'],
    [/\bnew Date\(\)|\bDate\.now\(/, 'platform/clock.ts'],
  ];
  return [...sources].flatMap(([file, text]) =>
    owners
      .filter(([pattern, owner]) => file !== owner && pattern.test(withoutComments(text)))
      .map(([pattern]) => `${file}: ${pattern.source}`),
  );
}

/** Every room on disk has its line in the table, so that none is forgotten. */
export function unknownRooms(sources: Sources): string[] {
  return [...new Set([...sources.keys()].map(roomOf))].filter((room) => room !== '' && !Object.hasOwn(ARROWS, room));
}

function isFramework(file: string): boolean {
  return /^platform\/(database|migrations|http-adapter|logger|metrics|clock|platform\.module|problem-filter)\.ts$/.test(file);
}

/** What starts a room from outside: `main.ts` starts the command line's and local mode's rooms by name. */
function isEntrance(from: string, to: string): boolean {
  return roomOf(from) === '' && ['local/first-steps.ts'].includes(to);
}

function roomOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : '';
}

function ownImports(sources: Sources): Import[] {
  return importsOf(sources).filter(({ own }) => own);
}

function importsOf(sources: Sources): Import[] {
  return [...sources].flatMap(([from, text]) =>
    [...withoutComments(text).matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/g)].map(([, target]) =>
      resolveImport(sources, from, target!),
    ),
  );
}

function resolveImport(sources: Sources, from: string, target: string): Import {
  if (!target.startsWith('.')) return { from, to: target, own: false };
  const path = relative('.', normalize(join(dirname(from), target.replace(/\.js$/, '')))).replaceAll('\\', '/');
  const to = sources.has(`${path}.ts`) ? `${path}.ts` : `${path}/index.ts`;
  return { from, to, own: true };
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

function describe({ from, to }: Import): string {
  return `${from} -> ${to}`;
}
