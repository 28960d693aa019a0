// Runs the suite on every instruction set of a native backend that was built apart, without a test
// runner: for a processor that is emulated. One line for each set; exits with 1 on any difference.
//
//   node packages/conformance/dist/native-check.js <folder> [part/parts]
//
// The folder is laid out as the package core-native is: dist/, and build/Release/ with the addons.
// With `2/3`, only every third case is run, from the second on.

import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FloatEnvironment } from './flushing.js';
import { type NativeCase, nativeCases } from './native-cases.js';
import { suite } from './suite.js';

const [folder = '', share = '1/1'] = process.argv.slice(2);
const [part = 1, parts = 1] = share.split('/').map(Number);

const entry = pathToFileURL(resolve(folder, 'dist', 'index.js')).href;
const native: typeof import('@bitgrad/core-native') = await import(entry);
const require = createRequire(import.meta.url);
const float: FloatEnvironment = require(resolve(folder, 'build/Release/float_environment.node'));

/** All but two of five ops and programs: their kinds of numbers and shapes come round in other counts. */
const most = suite().filter(
  ({ group }, at) => !(['ops', 'programs'].includes(group) && at % 5 > 2),
);

const availability = native.nativeAvailability();
if (!availability.available) throw new Error(availability.reason);
for (const isa of availability.isa) {
  const make = (_: string, threads: number) => native.nativeBackend({ isa, threads });
  const cases = nativeCases([isa], make, float, { cases: most, isOnce: true }).filter(
    (_, at) => at % parts === part - 1,
  );
  const failures = await failuresOf(cases);
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
  const result = failures.length === 0 ? 'the same bits' : `${failures.length} differ`;
  console.log(
    `Node ${process.version}, ${process.arch}, ${isa}: ${result} in ${cases.length} cases`,
  );
}

async function failuresOf(cases: readonly NativeCase[]): Promise<string[]> {
  const failures: string[] = [];
  for (const { name, run } of cases) {
    try {
      await run();
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return failures;
}
