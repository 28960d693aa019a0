export { type Answered, type Asked, JobQueue, type QueueListener } from './job-queue.js';
export type { ServerOptions } from './server.js';
export { type Handled, type WorkOptions, work } from './work.js';
