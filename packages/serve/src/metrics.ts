import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Numbers for Prometheus. */
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = new Counter({
    name: 'bitgrad_requests_total',
    help: 'Requests answered, by model route and HTTP status',
    labelNames: ['route', 'status'],
    registers: [this.registry],
  });
  private readonly seconds = new Histogram({
    name: 'bitgrad_request_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['route'],
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });
  private readonly rows = new Histogram({
    name: 'bitgrad_batch_rows',
    help: 'Rows that were computed together',
    labelNames: ['model'],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024],
    registers: [this.registry],
  });

  /** @param underWay requests that are being answered */
  constructor(underWay: () => number) {
    new Gauge({
      name: 'bitgrad_requests_under_way',
      help: 'Requests that are being answered',
      registers: [this.registry],
      collect() {
        this.set(underWay());
      },
    });
    new Gauge({
      name: 'process_resident_memory_bytes',
      help: 'Resident memory',
      registers: [this.registry],
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
  }

  answered(route: string, status: number, milliseconds: number): void {
    this.requests.inc({ route, status });
    this.seconds.observe({ route }, milliseconds / 1000);
  }

  computed(model: string, rows: number): void {
    this.rows.observe({ model }, rows);
  }
}
