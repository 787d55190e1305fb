import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { Metrics } from '../platform/metrics';

@Injectable()
export class ProviderMetrics {
  readonly calls: Counter;
  readonly seconds: Histogram;
  readonly retries: Counter;
  readonly waiting: Gauge;
  readonly circuit: Gauge;

  constructor({ registry }: Metrics) {
    const registers = [registry];
    this.calls = new Counter({
      name: 'oarlock_provider_calls_total',
      help: 'Requests to the provider by the class of their status, or by why there was none',
      labelNames: ['environment', 'operation', 'status'],
      registers,
    });
    this.seconds = new Histogram({
      name: 'oarlock_provider_call_seconds',
      help: 'Time from the sending of a request to the end of its answer',
      labelNames: ['environment', 'operation'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90],
      registers,
    });
    this.retries = new Counter({
      name: 'oarlock_provider_retries_total',
      help: 'Requests that were sent again',
      labelNames: ['environment', 'operation'],
      registers,
    });
    this.waiting = new Gauge({
      name: 'oarlock_provider_limiter_waiting',
      help: 'Calls that wait for their turn below the rate limit of the provider',
      labelNames: ['environment', 'priority'],
      registers,
    });
    this.circuit = new Gauge({
      name: 'oarlock_provider_circuit_state',
      help: 'Whether the provider is called: 0 yes, 1 one call tries, 2 no, it failed too often',
      labelNames: ['environment'],
      registers,
    });
  }
}
