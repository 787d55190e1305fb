import type { Answer } from './notification';

const SHORTEST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;
const PROBES = 64;

/** Attempts that are made one after another while deliveries settle, and what they tell of the consumer. */
export class Round {
  private answers = 0;
  private unreachable = 0;
  private silent = 0;
  private last: Answer | null = null;

  count(answer: Answer): void {
    this.answers++;
    if (answer.code === 0 || answer.code >= 500) this.unreachable++;
    if (answer.code === 0) this.silent++;
    this.last = answer;
  }

  /**
   * What every further attempt of this round comes to, once so many had no answer and none had one. They are not sent:
   * sixty rounds of a large world against a consumer that is not there would take hours, for the same outcome.
   */
  get foregone(): Answer | null {
    return this.silent >= PROBES && this.silent === this.answers ? this.last : null;
  }

  /**
   * How long to wait before the next round. A consumer that is being restarted is waited for: without that, sixty attempts
   * would be used up in a moment. One that answers, but refuses, is not going to change its mind.
   */
  pauseMs(previousMs: number): number {
    const isDown = this.unreachable === this.answers;
    return isDown ? Math.min(Math.max(2 * previousMs, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS) : SHORTEST_PAUSE_MS;
  }
}
