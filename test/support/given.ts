import { DomainError } from '../../src/platform/domain-error';

/** A refusal, as a table shows it. */
export interface Refused {
  refused: string;
  extensions: Record<string, unknown>;
}

/** What a decision comes to: what is decided, or the code it is refused with. Anything else that is thrown is a bug. */
export function outcomeOf<Decided>(decide: () => Decided): Decided | Refused {
  try {
    return decide();
  } catch (error) {
    if (error instanceof DomainError) return { refused: error.code, extensions: error.extensions };
    throw error;
  }
}

/** `given(state).when(command).then(decision)`, or `.thenThrows(code)`. Whole decisions: nothing may be in them that is not named. */
export function given<State>(state: State) {
  return {
    when: <Decided>(decide: (state: State) => Decided) => ({
      // oxlint-disable-next-line unicorn/no-thenable -- reads as in STYLE 9; nobody awaits it
      then: (expected: Decided) => expect(outcomeOf(() => decide(state))).toEqual(expected),
      thenThrows: (code: string, extensions: object = {}) =>
        expect(outcomeOf(() => decide(state))).toMatchObject({ refused: code, extensions }),
    }),
  };
}

/** The rows of a text table: one object for each line below the first, by the names of the first; cells stand between bars. */
export function rowsOf(table: string): Record<string, string>[] {
  const [names, ...rows] = table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.map((cells) => Object.fromEntries(names!.map((name, index) => [name, cells[index] ?? ''])));
}
