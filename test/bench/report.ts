/** The middle value. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** Rounds of each side, interleaved, so that a machine whose speed drifts is the same for all. */
export async function interleaved<Side extends string>(
  rounds: number,
  sides: Record<Side, (round: number) => Promise<number>>,
): Promise<Record<Side, number[]>> {
  const names = Object.keys(sides) as Side[];
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const rate = await sides[name](round);
      results[name].push(rate);
      process.stderr.write(`  round ${round + 1}/${rounds}  ${name.padEnd(24)} ${Math.round(rate)}/s\n`);
    }
  }
  return results;
}

export interface Comparison {
  what: string;
  ours: number;
  theirs: number;
  target: number;
}

export function printSides(title: string, sides: Record<string, number[]>, unit = '/s'): void {
  console.log(`\n${title}`);
  for (const [name, values] of Object.entries(sides)) {
    const [low, high] = [Math.min(...values), Math.max(...values)].map(Math.round);
    console.log(
      `  ${name.padEnd(26)} median ${String(Math.round(median(values))).padStart(7)}${unit}   (${low} to ${high}, ${values.length} rounds)`,
    );
  }
}

export function printRatios(comparisons: Comparison[]): void {
  for (const { what, ours, theirs, target } of comparisons) {
    const ratio = ours / theirs;
    console.log(
      `  ${what.padEnd(44)} ${ratio.toFixed(2)} ×   wanted: ${target} ×   ${ratio >= target ? 'reached' : 'NOT REACHED'}`,
    );
  }
}
