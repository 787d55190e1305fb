/** Work on the same thing one after the other: who would lose against the one before need not even begin. */
export class InTurn {
  private readonly last = new Map<string, Promise<unknown>>();

  do<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (this.last.get(key) ?? Promise.resolve()).then(work, work);
    this.last.set(key, turn);
    const forget = () => void (this.last.get(key) === turn && this.last.delete(key));
    turn.then(forget, forget);
    return turn;
  }
}
