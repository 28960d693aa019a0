// One rank of the measurements that cost.mjs starts; the first one prints a line of JSON.
//
//   mpirun -n R node measure.mjs openmpi|mpich SECONDS

import { Training } from '@bitgrad/core';
import { nativeBackend } from '@bitgrad/core-native';
import { MpiRanks } from '../dist/index.js';
import { WORKLOADS } from './workloads.mjs';

const [implementation, seconds] = /** @type {['openmpi' | 'mpich', string]} */ (
  process.argv.slice(2)
);
const size = Number(process.env.OMPI_COMM_WORLD_SIZE ?? process.env.PMI_SIZE);
const mpi = MpiRanks.join({ size, implementations: [implementation] });

/** @type {Map<string, { calls: number, seconds: number }>} */
let times = new Map();

/** @param {string} name @param {number} begun */
function add(name, begun) {
  const entry = times.get(name) ?? { calls: 0, seconds: 0 };
  entry.calls += 1;
  entry.seconds += (performance.now() - begun) / 1000;
  times.set(name, entry);
}

/** @type {import('@bitgrad/core').Ranks} */
const ranks = {
  rank: mpi.rank,
  size,
  async exchange(...given) {
    const begun = performance.now();
    await mpi.exchange(...given);
    add('exchange', begun);
  },
  async gather(...given) {
    const begun = performance.now();
    await mpi.gather(...given);
    add('gather', begun);
  },
};

/** @returns {import('@bitgrad/core').Backend} */
function timed() {
  const backend = nativeBackend({ threads: 1 });
  return {
    ...backend,
    open(...given) {
      const session = backend.open(...given);
      return {
        ...session,
        run(entry, steps) {
          const begun = performance.now();
          session.run(entry, steps);
          add(entry, begun);
        },
      };
    },
  };
}

/** Seconds of a call on so many bytes: the median of some. @param {number} bytes */
async function timeCalls(bytes) {
  const each = Math.floor(bytes / size);
  const counts = new Array(size).fill(each);
  const [sent, received] = [new Uint8Array(each * size), new Uint8Array(each * size)];
  const measured = [];
  for (let round = 0; round < 31; round += 1) {
    const begun = performance.now();
    await mpi.exchange(sent, counts, received, counts);
    measured.push((performance.now() - begun) / 1000);
  }
  return measured.sort((a, b) => a - b)[15];
}

const calls = [];
for (const bytes of [1024, 65536, 1048576, 8388608]) {
  calls.push({ bytes, seconds: await timeCalls(bytes) });
}

/** @type {Record<string, unknown>} */
const workloads = {};
for (const [name, { recipe, makeData }] of Object.entries(WORKLOADS)) {
  const training = await Training.open(timed(), recipe, makeData(), undefined, undefined, ranks);
  await training.runEpoch();
  times = new Map();
  let [steps, spent] = [0, 0];
  // All must stop after the same epoch.
  for (let goesOn = true; goesOn; ) {
    const report = await training.runEpoch();
    steps += training.stepsPerEpoch;
    spent += report.seconds;
    const all = new Uint8Array(size);
    const isOver = spent > Number(seconds) || training.isDone;
    await mpi.gather(Uint8Array.of(isOver ? 1 : 0), all, new Array(size).fill(1));
    goesOn = all[0] === 0;
  }
  workloads[name] = {
    step: spent / steps,
    ...Object.fromEntries([...times].map(([what, one]) => [what, one.seconds / steps])),
  };
  training.close();
}
if (mpi.rank === 0) console.log(JSON.stringify({ ranks: size, calls, workloads }));
await mpi.leave(1);
