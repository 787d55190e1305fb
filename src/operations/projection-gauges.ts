import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from '../platform/metrics';
import { ProjectionStatus } from '../projections';

/** How each projection is doing, asked for when the metrics are. */
@Injectable()
export class ProjectionGauges {
  constructor(status: ProjectionStatus, { registry }: Metrics) {
    const labelNames = ['projection'];
    const registers = [registry];
    const seconds = new Gauge({
      name: 'oarlock_projection_lag_seconds',
      help: 'Age of the oldest event that is not folded',
      labelNames,
      registers,
    });
    const parked = new Gauge({
      name: 'oarlock_projection_parked_streams',
      help: 'Streams that wait in the dead letters',
      labelNames,
      registers,
    });
    const events = new Gauge({
      name: 'oarlock_projection_lag_events',
      help: 'Events that are not folded yet',
      labelNames,
      registers,
      collect: async () => {
        // Metrics are for the times when something is wrong: what cannot be known now is left as it was.
        for (const { name, lag, parkedStreams } of await status.all().catch(() => [])) {
          events.set({ projection: name }, lag.events);
          seconds.set({ projection: name }, lag.seconds);
          parked.set({ projection: name }, parkedStreams);
        }
      },
    });
  }
}
