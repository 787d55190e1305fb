import { formatCount, formatDuration } from './progress-bar';
import { DEFAULT_APP, type AccessChange, type ProjectionState, type Rebuild, type RebuildDiff } from './projections-api';

/** What a rebuild that is ready changes, for somebody who decides about its swap. */
export function rebuildSummary(rebuild: Rebuild, app: string): string {
  const { id, projection, version, diff, parkedStreams } = rebuild;
  return [
    `Rebuild ${id} of ${projection} is ready (version ${version}).`,
    ...parkedWarning(parkedStreams),
    ...(diff ? [...rowLines(diff), ...accessLines(diff.access, `${app}/projections/${projection}/rebuilds/${id}`)] : []),
  ].join('\n');
}

/** A warning, when there is something to warn of. */
export function parkedWarning(streams: number): string[] {
  if (streams === 0) return [];
  const they = streams === 1 ? '1 stream' : `${formatCount(streams)} streams`;
  return [`Warning: ${they} could not be folded, and will be out of date or missing. See GET /dead-letters.`];
}

/** A line to type. */
export function commandLine(app: string, ...words: string[]): string {
  const to = app === DEFAULT_APP ? [] : ['--to', app];
  return ['npm run oarlock -- projections', ...words, ...to].join(' ');
}

/** What can be done with a rebuild that is ready. */
export function waysOn(app: string, name: string, id: string): string {
  return [`  ${commandLine(app, 'swap', name, id)}`, `  ${commandLine(app, 'cancel', name, id)}`].join('\n');
}

/** Every projection in a row of a table, and below it what goes wrong. */
export function projectionsTable(projections: ProjectionState[]): string {
  const rows = projections.map(({ name, status, version, live, lag, parkedStreams, rebuild }) => [
    name,
    status,
    `${version}`,
    `${live.id} (version ${live.version})`,
    lag.events === 0 ? 'none' : `${formatCount(lag.events)} (${formatDuration(lag.seconds)})`,
    formatCount(parkedStreams),
    rebuild ? rebuildCell(rebuild) : '-',
  ]);
  const errors = projections.flatMap(({ name, lastError }) => (lastError ? [`${name}: ${lastError}`] : []));
  const table = inColumns([['NAME', 'STATUS', 'VERSION', 'LIVE BUILD', 'LAG', 'PARKED', 'REBUILD'], ...rows]);
  return [...table, ...(errors.length > 0 ? ['', 'Last errors:', ...errors] : [])].join('\n');
}

function rowLines({ added, removed, changed, changedFields }: RebuildDiff): string[] {
  if (added + removed + changed === 0) return ['Rows: none differs from what is live.'];
  const fields = Object.entries(changedFields).sort(([, a], [, b]) => b - a);
  return [
    `Rows: ${formatCount(added)} added, ${formatCount(removed)} removed, ${formatCount(changed)} changed.`,
    ...fields.map(([field, rows]) => `  ${field} differs in ${formatCount(rows)}`),
  ];
}

function accessLines(access: RebuildDiff['access'], rebuildUrl: string): string[] {
  if (!access) return ['Access: it is not known what this changes.'];
  const { users, gained, lost, changed, samples } = access;
  const total = gained + lost + changed;
  if (total === 0) return ["Access: nobody's changes."];
  const counts = `${formatCount(lost)} lost, ${formatCount(gained)} gained, ${formatCount(changed)} with other terms`;
  return [
    `Access: changes for ${users === 1 ? '1 user' : `${formatCount(users)} users`} (${counts}).`,
    ...(samples.length < total ? [`  Of these, the first ${formatCount(samples.length)}:`] : []),
    ...productLines(samples),
    `  Whose: GET ${rebuildUrl}/access-changes`,
  ];
}

/** @example "  live: 3 users lose pro_x, 1 gains it" */
function productLines(changes: AccessChange[]): string[] {
  const products = new Map<string, AccessChange[]>();
  for (const change of changes) {
    const key = JSON.stringify([change.environment, change.productId]);
    products.set(key, [...(products.get(key) ?? []), change]);
  }
  return [...products.values()].map((own) => `  ${own[0]!.environment}: ${productSentence(own[0]!.productId, own)}`);
}

function productSentence(productId: string, changes: AccessChange[]): string {
  const kinds = changes.map(kindOf);
  const counted = (['lose', 'gain', 'keep'] as const)
    .map((kind) => ({ kind, count: kinds.filter((one) => one === kind).length }))
    .filter(({ count }) => count > 0);
  const parts = counted.map(({ kind, count }, place) => {
    const users = place === 0 ? (count === 1 ? ' user' : ' users') : '';
    const verb = count === 1 ? `${kind}s` : kind;
    const product = place === 0 ? productId : 'it';
    return `${formatCount(count)}${users} ${verb} ${product}${kind === 'keep' ? ' with other terms' : ''}`;
  });
  return parts.join(', ');
}

function kindOf({ before, after }: AccessChange): 'lose' | 'gain' | 'keep' {
  const [had, has] = [before, after].map((access) => (access?.access ?? 'none') !== 'none');
  return had === has ? 'keep' : has ? 'gain' : 'lose';
}

function rebuildCell({ id, version, state, processed, total, diff }: Rebuild): string {
  const percent = total > 0 ? Math.floor(Math.min(1, processed / total) * 100) : 100;
  const progress = state === 'running' ? `, ${percent}%` : state === 'ready' && !diff ? ', being compared' : '';
  return `${id} (version ${version}): ${state}${progress}`;
}

function inColumns(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
