import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from '../platform/metrics';
import { ProjectionStatus, type ProjectionState } from '../projections';

/** How each projection is doing, asked for when the metrics are. */
@Injectable()
export class ProjectionGauges {
  private asking: Promise<ProjectionState[]> | null = null;

  constructor(
    private readonly status: ProjectionStatus,
    private readonly metrics: Metrics,
  ) {
    this.gauge('oarlock_projection_lag_events', 'Events that are not folded yet', ({ lag }) => lag.events);
    this.gauge('oarlock_projection_lag_seconds', 'Age of the oldest event that is not folded', ({ lag }) => lag.seconds);
    this.gauge(
      'oarlock_projection_parked_streams',
      'Streams that wait in the dead letters',
      ({ parkedStreams }) => parkedStreams,
    );
  }

  private gauge(name: string, help: string, valueOf: (state: ProjectionState) => number): void {
    const gauge = new Gauge({
      name,
      help,
      labelNames: ['projection'],
      registers: [this.metrics.registry],
      collect: async () => {
        for (const state of await this.ask()) gauge.set({ projection: state.name }, valueOf(state));
      },
    });
  }

  /** Once for all gauges. Metrics are for when something is wrong: what cannot be known now stays as it was. */
  private ask(): Promise<ProjectionState[]> {
    this.asking ??= this.status
      .all()
      .catch(() => [])
      .finally(() => (this.asking = null));
    return this.asking;
  }
}
