export { JobQueue } from './job-queue.js';
export type { Answered, Asked, QueueListener } from './run.js';
export type { ServerOptions } from './server.js';
export { type Handled, type WorkOptions, work } from './work.js';
