import { barLine, formatCount, formatDuration, progressText, type Progress } from './progress-bar';
import { ProgressDisplay } from './progress-display';

const HALF: Progress = { processed: 6_000, total: 12_000, eventsPerSecond: 8_200, etaSeconds: 80 };

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [0.2, '<1 s'],
    [4.4, '4 s'],
    [59.6, '1 min'],
    [80, '1 min 20 s'],
    [3_600, '1 h'],
    [7_530, '2 h 5 min'],
    [3_605, '1 h'],
    [273_600, '3 d 4 h'],
  ])('shows %d seconds as "%s"', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe('progressText', () => {
  it('says all that is known', () => {
    expect(progressText(HALF)).toBe(' 50%  6,000/12,000 events  8,200/s  1 min 20 s left');
  });

  it('leaves out what is not known', () => {
    expect(progressText({ ...HALF, eventsPerSecond: null, etaSeconds: null })).toBe(' 50%  6,000/12,000 events');
  });

  it('gives way to a note', () => expect(progressText(HALF, 'waiting')).toBe(' 50%  6,000/12,000 events  waiting'));

  it('stays short for many', () => {
    const many = { processed: 999_999, total: 98_765_432, eventsPerSecond: 1_234_567, etaSeconds: 3_600 };
    expect(progressText(many)).toBe('  1%  999,999/98.8M events  1.23M/s  1 h left');
  });

  it.each([
    [0, 0, '100%'],
    [0, 7, '  0%'],
    [1_999, 2_000, ' 99%'],
    [2_001, 2_000, '100%'],
  ])('shows %d of %d as %s', (processed, total, percent) => {
    expect(progressText({ ...HALF, processed, total }).slice(0, 4)).toBe(percent);
  });
});

describe('barLine', () => {
  const text = '50%';

  it('draws as much of the bar as is done', () => {
    expect(barLine('a', HALF, text, 29)).toBe('a  [█████████░░░░░░░░░]  50%');
  });

  it('draws no endless bar', () => expect(barLine('a', HALF, text, 500)).toHaveLength(30));

  it('leaves the bar out where there is no room for it', () => expect(barLine('a', HALF, text, 15)).toBe('a  50%'));

  it('has room for all of it in the usual 80 columns', () => {
    const many = { processed: 888_888, total: 98_765_432, eventsPerSecond: 888_888, etaSeconds: 3_599 };
    expect(barLine('subscriptions', many, progressText(many), 80)).toMatch(/^subscriptions {2}\[░{5,}\] .*59 min 59 s left$/);
  });

  it.each([0, 1, 2, 5, 20, 21, 40, 60, 79, 80, 200])('never fills a terminal of %d columns', (columns) => {
    expect(barLine('subscriptions', HALF, progressText(HALF), columns).length).toBeLessThan(Math.max(columns, 1));
  });
});

it('groups the digits of counts', () => expect([0, 999, 1_234_567].map(formatCount)).toEqual(['0', '999', '1,234,567']));

describe('ProgressDisplay', () => {
  function display(terminal: { isTTY?: boolean; columns?: number }) {
    const time = { ms: 0 };
    const written: string[] = [];
    const output = { ...terminal, write: (text: string) => written.push(text) };
    return { written, time, output, shown: new ProgressDisplay(output, () => time.ms) };
  }
  const at = (processed: number): Progress => ({ processed, total: 10, eventsPerSecond: null, etaSeconds: null });

  it('draws over its line on a terminal, as wide as that is now', () => {
    const { shown, written, output } = display({ isTTY: true, columns: 20 });
    shown.show('r', at(5));
    output.columns = 50;
    shown.show('r', at(10), 'comparing');
    shown.end();
    expect(written).toEqual([
      '\rr   50%  5/10 event\u001b[K',
      '\rr  [█████████████]  100%  10/10 events  comparing\u001b[K',
      '\n',
    ]);
  });

  it('writes a line at most every two seconds elsewhere, and the last one', () => {
    const { shown, written, time } = display({});
    for (let step = 0; step <= 10; step++) {
      time.ms = step * 300;
      shown.show('r', at(step));
    }
    shown.end();
    expect(written).toEqual(['r  0%  0/10 events\n', 'r  70%  7/10 events\n', 'r  100%  10/10 events\n']);
  });

  it('does not say the last line twice, nor anything when there was nothing', () => {
    const { shown, written } = display({});
    shown.end();
    shown.show('r', at(10));
    shown.end();
    expect(written).toEqual(['r  100%  10/10 events\n']);
  });
});
