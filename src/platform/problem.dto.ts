export class InputErrorDto {
  /**
   * JSON Pointer into the body, or the name of a query parameter.
   * @example "/product"
   */
  pointer: string;
  detail: string;
}

export class ProblemDto {
  /**
   * Served by this app.
   * @example "/problems/invalid-request"
   */
  type: string;
  title: string;
  status: number;
  /**
   * Stable: branch on it.
   * @example "invalid_request"
   */
  code: string;
  /** For people. */
  detail: string;
  /** Names this request; quote it in a report. */
  instance: string;
  /** What is wrong with the input, and where. */
  errors?: InputErrorDto[];
}
