/** A refusal of the simulated Paddle, by the code that its documentation names. The API gives it its HTTP status. */
export class SimulatorError extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly fields?: { field: string; message: string }[],
  ) {
    super(`${code}: ${detail}`);
    this.name = 'SimulatorError';
  }
}
