export type { LogLine, ServeOptions } from './options.js';
export { type Server, serve } from './server.js';
