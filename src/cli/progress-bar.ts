/** How far a rebuild is. */
export interface Progress {
  processed: number;
  total: number;
  eventsPerSecond: number | null;
  etaSeconds: number | null;
}

const LEAST_BAR = 5;
const MOST_BAR = 20;
const SHORT = new Intl.NumberFormat('en-US', { notation: 'compact', minimumSignificantDigits: 3, maximumSignificantDigits: 3 });

/**
 * Percent, done and total, then rate and time left as far as they are known.
 * @param note in place of rate and time: what happens, where that is not clear from the numbers
 */
export function progressText({ processed, total, eventsPerSecond, etaSeconds }: Progress, note: string | null = null): string {
  const percent = `${Math.floor(shareOf(processed, total) * 100)}%`.padStart(4);
  const rate = eventsPerSecond ? [`${shortCount(eventsPerSecond)}/s`] : [];
  const left = etaSeconds ? [`${formatDuration(etaSeconds)} left`] : [];
  return [percent, `${shortCount(processed)}/${shortCount(total)} events`, ...(note ? [note] : [...rate, ...left])].join('  ');
}

/** The same in one line of a terminal, behind a bar where there is room for one. */
export function barLine(label: string, progress: Progress, text: string, columns: number): string {
  const widest = columns - 1; // a line as wide as the terminal may break
  const room = widest - label.length - text.length - '  []  '.length;
  const bar = room >= LEAST_BAR ? [drawBar(shareOf(progress.processed, progress.total), Math.min(room, MOST_BAR))] : [];
  const line = [label, ...bar, text].join('  ');
  return line.length > widest ? line.slice(0, Math.max(0, widest)) : line;
}

/** @example 12345 → "12,345" */
export function formatCount(count: number): string {
  return count.toLocaleString('en-GB', { maximumFractionDigits: 0 });
}

/** The two largest units: "4 s", "1 min 20 s", "2 h 5 min", "3 d 4 h". */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 1) return seconds > 0 ? '<1 s' : '0 s';
  const units = [
    { name: 'd', count: Math.floor(whole / 86_400) },
    { name: 'h', count: Math.floor(whole / 3_600) % 24 },
    { name: 'min', count: Math.floor(whole / 60) % 60 },
    { name: 's', count: whole % 60 },
  ];
  const first = units.findIndex(({ count }) => count > 0);
  const shown = units.slice(first, first + 2).filter(({ count }) => count > 0);
  return shown.map(({ name, count }) => `${count} ${name}`).join(' ');
}

/** Exact while that is short: 999,999, then 1.23M. */
function shortCount(count: number): string {
  return count < 1e6 ? formatCount(count) : SHORT.format(count);
}

/** 1 only when all is done; what arrives meanwhile may make more done than there was. */
function shareOf(processed: number, total: number): number {
  return total > 0 ? Math.min(1, processed / total) : 1;
}

function drawBar(share: number, width: number): string {
  const full = Math.floor(share * width);
  return `[${'█'.repeat(full)}${'░'.repeat(width - full)}]`;
}
