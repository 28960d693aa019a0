import type {
  ErrorInWords,
  EventName,
  Events,
  FromWorker,
  RequestName,
  Requests,
} from './protocol.js';

/** An error that the worker told in words. */
export class WorkerError extends Error {
  readonly fix: string | undefined;
  readonly isAborted: boolean;

  constructor({ message, fix, isAborted }: ErrorInWords) {
    super(message);
    this.fix = fix;
    this.isAborted = isAborted;
  }
}

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: WorkerError) => void;
}

type Listeners = { [Name in EventName]?: (data: Events[Name]) => void };

/** The page's side of its worker. When the worker dies, a new one takes its place. */
export class WorkerClient {
  private worker: Worker | undefined;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  /**
   * @param make starts a worker
   * @param onDeath told when a worker has died with all that it held
   */
  constructor(
    private readonly make: () => Worker,
    private readonly dataFolder: string,
    private readonly listeners: Listeners,
    private readonly onDeath: () => void,
  ) {}

  /** Asks the worker for something. Rejects with a WorkerError. */
  request<Name extends RequestName>(
    ...[name, given]: Requests[Name]['given'] extends undefined
      ? [name: Name]
      : [name: Name, given: Requests[Name]['given']]
  ): Promise<Requests[Name]['answer']> {
    const worker = this.alive();
    return this.send(worker, name, given);
  }

  private send<Name extends RequestName>(
    worker: Worker,
    name: Name,
    given: unknown,
  ): Promise<Requests[Name]['answer']> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      worker.postMessage({ id, name, given });
    });
  }

  private alive(): Worker {
    if (this.worker !== undefined) return this.worker;
    const worker = this.make();
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.fail(event.message);
    };
    worker.onmessageerror = () => this.fail('a message was damaged');
    this.worker = worker;
    this.send(worker, 'begin', { dataFolder: this.dataFolder }).catch(() => undefined);
    return worker;
  }

  private receive(message: FromWorker): void {
    if ('event' in message) {
      (this.listeners[message.event] as ((data: unknown) => void) | undefined)?.(message.data);
      return;
    }
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if ('error' in message) pending?.reject(new WorkerError(message.error));
    else pending?.resolve(message.answer as never);
  }

  /** Ends the worker and everything that it was asked for. */
  end(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.rejectAll({ message: 'the worker was ended', fix: undefined, isAborted: true });
  }

  /** Ends a worker that has failed, and with it everything that it was asked for. */
  private fail(reason: string | undefined): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.rejectAll({
      message: `the worker that trains has stopped (${reason || 'it could not be started'})`,
      fix: 'Press the button again: a new one takes its place. What was not saved is lost.',
      isAborted: false,
    });
    this.onDeath();
  }

  private rejectAll(reason: ErrorInWords): void {
    const error = new WorkerError(reason);
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }
}
