import { watchForInterruption } from './interruption.js';
import { written } from './output.js';
import { run } from './run.js';

process.exitCode = await run(process.argv.slice(2), watchForInterruption());
// What others left behind (the timer of a queue's client, an open stdin) would keep the process; output that is
// still on its way would be lost by ending it.
await written();
process.exit();
