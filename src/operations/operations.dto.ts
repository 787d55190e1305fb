export class LivenessDto {
  status: 'up';
}

export class ProjectionReadinessDto {
  name: string;
  status: 'live' | 'rebuilding' | 'paused' | 'failed';
  parkedStreams: number;
}

export class ReadinessDto {
  ready: boolean;
  database: 'up' | 'down';
  /** What keeps the ledger immutable: the grants of the app's role and the trigger, or the trigger alone. */
  ledgerProtection: 'grants and trigger' | 'trigger only' | null;
  /** Events that the read models do not show yet. */
  pendingEvents: number | null;
  /** `GET /projections` says more. */
  projections: ProjectionReadinessDto[] | null;
}

export class ProblemTypeDto {
  /** @example "invalid_signature" */
  code: string;
  status: number;
  title: string;
}
