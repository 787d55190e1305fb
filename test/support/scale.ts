/** `npm run test:soak` asks for the whole of it; `npm test` for as much as shows the same in less time. */
export function scaled({ suite, soak }: { suite: number; soak: number }): number {
  return process.env.SOAK ? soak : suite;
}
