import { Clock } from '../../src/platform/clock';

/** A clock that stands still until it is turned. */
export class FakeClock extends Clock {
  private ms: number;

  constructor(time = '2026-06-15T12:00:00Z') {
    super();
    this.ms = Date.parse(time);
  }

  nowMs(): number {
    return this.ms;
  }

  set(time: string): void {
    this.ms = Date.parse(time);
  }

  advanceSeconds(seconds: number): void {
    this.ms += seconds * 1000;
  }
}
