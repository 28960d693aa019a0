import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { atMost } from './at-most.js';
import { Digests } from './digests.js';
import { type Asked, type QueueListener, Run } from './run.js';
import {
  checkServer,
  PREFIX,
  QUEUE,
  type Server,
  type ServerOptions,
  serverOf,
  watchConnection,
} from './server.js';

/** Puts jobs into a queue and takes out their answers. */
export class JobQueue {
  private constructor(
    private readonly queue: Queue,
    private readonly events: QueueEvents,
    private readonly client: Redis,
    private readonly server: Server,
  ) {}

  /** @throws BitgradError if there is no server that can hold a queue */
  static async open(options: ServerOptions): Promise<JobQueue> {
    const server = serverOf(options);
    await checkServer(server);
    const { connection } = server;
    const watch = watchConnection(server.name, options.onNote ?? (() => undefined));
    const settings = { connection, prefix: PREFIX, skipVersionCheck: true };
    const client = new Redis(connection);
    client.on('error', watch.onError).on('ready', watch.onReady);
    const queue = new Queue(QUEUE, settings);
    const events = new QueueEvents(QUEUE, settings);
    // The client that looks at the server says what there is to say.
    queue.on('error', () => undefined);
    events.on('error', () => undefined);
    return new JobQueue(queue, events, client, server);
  }

  /**
   * Has jobs done, each once or more, and hears of each answer once.
   *
   * @throws BitgradError that a job ended with, or where two workers found different things;
   *   AbortedError by the signal, after which nobody begins with what was not begun
   */
  async run(jobs: readonly Asked[], signal: AbortSignal, listener: QueueListener): Promise<void> {
    const run = new Run(jobs, this.queue, new Digests(this.client), listener);
    const { hearEnd, hearProgress, hearReturn } = run;
    this.events.on('completed', hearEnd).on('failed', hearEnd).on('progress', hearProgress);
    this.client.on('ready', hearReturn);
    try {
      await run.whole(signal);
    } finally {
      this.events.off('completed', hearEnd).off('failed', hearEnd).off('progress', hearProgress);
      this.client.off('ready', hearReturn);
    }
  }

  async close(): Promise<void> {
    // Nothing is under way any more; a server that is away would be waited for.
    const patience = this.client.status === 'ready' ? 1000 : 0;
    this.client.disconnect();
    await atMost(patience, Promise.all([this.queue.close(), this.events.close()]));
    this.server.leave();
    const cut = Promise.all([this.queue.disconnect(), this.events.disconnect()]);
    await atMost(patience, cut).catch(() => undefined);
  }
}
