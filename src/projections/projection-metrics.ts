import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { Metrics } from '../platform/metrics';

@Injectable()
export class ProjectionMetrics {
  readonly events: Counter;
  readonly errors: Counter;
  readonly failures: Counter;
  readonly batchSeconds: Histogram;
  readonly position: Gauge;

  constructor({ registry }: Metrics) {
    const registers = [registry];
    const labelNames = ['projection'];
    this.events = new Counter({
      name: 'oarlock_projection_events_total',
      help: 'Events that this process folded',
      labelNames,
      registers,
    });
    this.errors = new Counter({
      name: 'oarlock_projection_errors_total',
      help: 'Events that could not be read or folded: their streams were parked',
      labelNames,
      registers,
    });
    this.failures = new Counter({
      name: 'oarlock_projection_failures_total',
      help: 'Batches that failed for all projections and are tried again',
      registers,
    });
    this.batchSeconds = new Histogram({
      name: 'oarlock_projection_batch_seconds',
      help: 'Time to fold and write one batch',
      labelNames,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    });
    this.position = new Gauge({
      name: 'oarlock_read_model_position',
      help: 'Position that every read model has reached',
      labelNames: ['shard'],
      registers,
    });
  }
}
