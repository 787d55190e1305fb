/** `npm run test:thorough`, which CI runs too, tests all there is; `npm test` leaves out what takes long and shows little more. */
export const THOROUGH = Boolean(process.env.THOROUGH ?? process.env.SOAK);

/** A test that `npm test` leaves out, since what it adds to the others is not worth its time each time: CI runs it. */
export const itThoroughly = THOROUGH ? it : it.skip;

/** `npm run test:soak` asks for the whole of it; `npm test` for as much as shows the same in less time. */
export function scaled({ suite, soak }: { suite: number; soak: number }): number {
  return process.env.SOAK ? soak : suite;
}
