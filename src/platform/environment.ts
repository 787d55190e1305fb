/** A provider keeps two worlds apart, and so do we: no id, secret or row of one is ever valid in the other. */
export const ENVIRONMENTS = ['sandbox', 'live'] as const;

export type Environment = (typeof ENVIRONMENTS)[number];

export function isEnvironment(text: string): text is Environment {
  return (ENVIRONMENTS as readonly string[]).includes(text);
}
