import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import { Metrics } from '../platform/metrics';

@Injectable()
export class LedgerMetrics {
  readonly appendSeconds: Histogram;
  readonly batchSize: Histogram;
  readonly commands: Counter;
  readonly failures: Counter;

  constructor({ registry }: Metrics) {
    const registers = [registry];
    this.appendSeconds = new Histogram({
      name: 'oarlock_ledger_append_seconds',
      help: 'Time of one batch append, lock wait and commit included',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 4],
      registers,
    });
    this.batchSize = new Histogram({
      name: 'oarlock_ledger_batch_size',
      help: 'Commands that one batch carried',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers,
    });
    this.commands = new Counter({
      name: 'oarlock_ledger_commands_total',
      help: 'Commands by what became of them',
      labelNames: ['status'],
      registers,
    });
    this.failures = new Counter({
      name: 'oarlock_ledger_append_failures_total',
      help: 'Batches that the database did not take',
      labelNames: ['transient'],
      registers,
    });
  }
}
