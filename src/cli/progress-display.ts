import { barLine, progressText, type Progress } from './progress-bar';

/** Where progress is written: `process.stderr`, or what looks like it. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

const LINE_EVERY_MS = 2_000;
const CLEAR_TO_END = '\u001b[K';

/** Shows progress: redrawn in place on a terminal, else a line at most every two seconds and the last one. */
export class ProgressDisplay {
  private line = '';
  private written = '';
  private writtenAt = -Infinity;

  constructor(
    private readonly output: Output,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** @param note what happens, where that is not clear from the numbers */
  show(label: string, progress: Progress, note: string | null = null): void {
    const text = progressText(progress, note);
    if (this.output.isTTY) {
      this.line = barLine(label, progress, text, this.output.columns || 80);
      this.write(`\r${this.line}${CLEAR_TO_END}`);
      return;
    }
    this.line = `${label}  ${text.trim()}`;
    if (this.nowMs() - this.writtenAt >= LINE_EVERY_MS) this.write(`${this.line}\n`);
  }

  /** Leaves the last line standing. */
  end(): void {
    if (this.line === '') return;
    if (this.output.isTTY) this.output.write('\n');
    else if (this.line !== this.written) this.write(`${this.line}\n`);
    this.line = '';
  }

  private write(text: string): void {
    this.written = this.line;
    this.writtenAt = this.nowMs();
    this.output.write(text);
  }
}
