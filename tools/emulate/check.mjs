// The conformance suite on one instruction set of the native backend: once on one thread, and its
// trainings on three. One line for each group; exits with 1 on any difference.
//
//   node tools/emulate/check.mjs avx2            what the emulated machine runs, on this one
//   node tools/emulate/check.mjs sse2 trainings  some groups only

import { createRequire } from 'node:module';
import { flushing } from '../../packages/conformance/dist/flushing.js';
import { suite } from '../../packages/conformance/dist/index.js';
import { nativeBackend } from '../../packages/core-native/dist/index.js';

const [isa, ...wanted] = process.argv.slice(2);
const build = '../../packages/core-native/build/Release';
const environment = createRequire(import.meta.url)(`${build}/float_environment.node`);

const plain = nativeBackend({ isa, threads: 1 });
/** Another addon may have left the thread so that it flushes subnormal numbers to zero. */
const flushed = flushing(plain, environment);
const team = flushing(nativeBackend({ isa, threads: 3 }), environment);

/** A backend whose every run of training ends with one weight moved to the next binary32 number. */
function oneWeightOff(backend) {
  return {
    ...backend,
    open(program) {
      const session = backend.open(program);
      const run = (entry, steps) => {
        session.run(entry, steps);
        if (entry !== 'train') return;
        const weight = session.memory.f32('layers.0.weight');
        new Uint32Array(weight.buffer, weight.byteOffset, 1)[0] += 1;
      };
      return { memory: session.memory, run, close: () => session.close() };
    },
  };
}

/** Runs the cases of a group. Returns what their failures said, and tells how many had none. */
async function failuresOf(group, backend, how) {
  const failures = [];
  const cases = suite().filter((one) => one.group === group);
  for (const { name, run } of cases) {
    try {
      await run(backend);
    } catch (error) {
      failures.push(`${name}: ${error.message}`);
    }
  }
  const same = cases.length - failures.length;
  console.log(`${group} on ${isa}, ${how}: the same bits in ${same} of ${cases.length} cases`);
  return { failures, same };
}

function fail(messages) {
  if (messages.length === 0) return;
  for (const message of messages) console.log(message);
  process.exitCode = 1;
}

const known = [...new Set(suite().map((one) => one.group))];
const unknown = wanted.filter((group) => !known.includes(group));
if (unknown.length > 0) {
  throw new Error(`expected groups among ${known.join(', ')}, received ${unknown.join(', ')}`);
}
const groups = wanted.length === 0 ? known : wanted;
// Trainings say the most, so that they come first.
for (const group of groups.toReversed()) {
  // Sessions are also looked at while they run off the event loop, which `flushing` has no part in.
  const backend = group === 'session' ? plain : flushed;
  fail((await failuresOf(group, backend, '1 thread')).failures);
  if (group !== 'trainings') continue;
  fail((await failuresOf(group, team, '3 threads')).failures);
  // A check that cannot fail proves nothing.
  const { same } = await failuresOf(group, oneWeightOff(flushed), 'one weight off');
  if (same > 0) fail([`expected every training with one weight off to differ, ${same} do not`]);
}
