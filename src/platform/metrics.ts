import { collectDefaultMetrics, Registry } from 'prom-client';

/** The metrics of one app. Not prom-client's global registry, so that two apps in one process count apart. */
export class Metrics {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
