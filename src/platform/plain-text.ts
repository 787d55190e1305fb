/** JSON Schema of a short text from outside: not empty, no control characters. */
export function plainTextSchema(maxLength: number): { type: 'string'; pattern: string } {
  return { type: 'string', pattern: `^[^\\u0000-\\u001f\\u007f]{1,${maxLength}}$` };
}

/** Whether a text from outside can be stored and logged as it is: not empty, not endless, no control characters, no half characters. */
export function isPlainText(text: unknown, maxLength: number): text is string {
  if (typeof text !== 'string' || text.length === 0 || text.length > maxLength || !text.isWellFormed()) return false;
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return !/[\u0000-\u001f\u007f]/.test(text);
}
