import { watchForInterruption } from './interruption.js';
import { note, written } from './output.js';
import { run } from './run.js';
import { addressSpaceNote } from './system-limits.js';

const few = addressSpaceNote();
if (few !== null) note(few);
process.exitCode = await run(process.argv.slice(2), watchForInterruption());
// What others left behind (the timer of a queue's client, an open stdin) would keep the process; output that is
// still on its way would be lost by ending it.
await written();
process.exit();
