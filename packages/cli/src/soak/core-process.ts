// A process that checks the core that it is pinned to, until whoever started it ends it:
//
//   core-process.js CORE BACKEND…

import { suite } from '@bitgrad/conformance';
import { loadBackend } from '../backends.js';
import { runRounds, type Told } from './rounds.js';

const [core, ...names] = process.argv.slice(2);
const tell = (told: Told): unknown => process.send!(told);

// A terminal's Ctrl-C reaches this process too; the other one decides.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
try {
  const backends = await Promise.all(names.map((name) => loadBackend(name, { threads: 1 })));
  const cases = suite();
  // Far from where its neighbours begin.
  await runRounds(backends, cases, (Number(core) * 377) % cases.length, tell);
} catch (error) {
  tell({ kind: 'error', message: error instanceof Error ? error.message : String(error) });
}
