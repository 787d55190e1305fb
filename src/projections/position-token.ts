/** Position by shard. */
export type Positions = Map<number, number>;

/** Opaque to clients: with one shard the plain number, with several `1-42.3-17`. */
export function formatPosition(positions: Positions, shardIds: number[]): string {
  if (shardIds.length === 1) return String(positions.get(shardIds[0]!) ?? 0);
  return shardIds.map((shardId) => `${shardId}-${positions.get(shardId) ?? 0}`).join('.');
}

/** @returns null for what {@link formatPosition} or {@link eventPosition} never made */
export function parsePosition(token: string, shardIds: number[]): Positions | null {
  if (/^\d{1,15}$/.test(token)) return shardIds.length === 1 ? new Map([[shardIds[0]!, Number(token)]]) : null;
  const parts = token.split('.').map((part) => /^(\d{1,5})-(\d{1,15})$/.exec(part));
  if (parts.some((part) => !part || !shardIds.includes(Number(part[1])))) return null;
  return new Map(parts.map((part) => [Number(part![1]), Number(part![2])]));
}

export function isReached(positions: Positions, wanted: Positions): boolean {
  return [...wanted].every(([shardId, position]) => (positions.get(shardId) ?? 0) >= position);
}
