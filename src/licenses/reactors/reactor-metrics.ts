import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Database } from '../../platform/database';
import { Metrics } from '../../platform/metrics';
import { ReadModelPosition } from '../../projections';
import { readCheckpoints } from './reactor-state';

/** How well the licenses keep up with what was bought. */
@Injectable()
export class ReactorMetrics {
  readonly failures: Counter;

  constructor({ registry }: Metrics, database: Database, position: ReadModelPosition) {
    const registers = [registry];
    this.failures = new Counter({
      name: 'oarlock_license_reactor_failures_total',
      help: 'Looks at licenses that failed and are tried again',
      registers,
    });
    const lag = new Gauge({
      name: 'oarlock_license_reactor_lag_events',
      help: 'Events that are folded, and whose meaning for licenses was not looked at yet',
      labelNames: ['shard'],
      registers,
      collect: async () => {
        const reached = await readCheckpoints(database).catch(() => new Map<number, number>());
        for (const [shard, at] of reached) lag.set({ shard: String(shard) }, Math.max(0, position.of(shard) - at));
      },
    });
  }
}
