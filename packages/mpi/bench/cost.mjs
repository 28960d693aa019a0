// What a step costs on R ranks: measures this machine's ranks, works out a model of the cost from one of
// them and from calls that only move bytes, compares it with the runs, and says what it says of networks.
//
//   node packages/mpi/bench/cost.mjs [--launcher openmpi|mpich] [--seconds 3] [--ranks 1,2,4]

import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ENVIRONMENT, LAUNCHERS } from '../test/launchers.mjs';
import { fitCalls, ON_NETWORKS, stepOnMachines, stepOnRanks } from './model.mjs';
import { parametersOf, SHARDS, WORKLOADS } from './workloads.mjs';

const MACHINES = [2, 4, 8, 16, 32, 64, 128, 256];

const { values } = parseArgs({
  options: {
    launcher: { type: 'string', default: 'openmpi' },
    seconds: { type: 'string', default: '3' },
    ranks: { type: 'string', default: '1,2,4' },
  },
});
const launcher = values.launcher === 'mpich' ? 'mpich' : 'openmpi';
const cores = availableParallelism();

/** @typedef {import('./model.mjs').Measured} Measured */

/** @param {number} count @returns {Measured} */
function measure(count) {
  const [command = '', ...more] = LAUNCHERS[launcher];
  const program = fileURLToPath(new URL('measure.mjs', import.meta.url));
  const words = ['-n', String(count), process.execPath, program, launcher, values.seconds];
  const { stdout, stderr, status } = spawnSync(command, [...more, ...words], {
    encoding: 'utf8',
    env: { ...process.env, ...ENVIRONMENT },
  });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  return JSON.parse(stdout);
}

/** @param {number} seconds */
const inMilliseconds = (seconds) => `${(1000 * seconds).toFixed(3)} ms`;

const runs = values.ranks.split(',').map((text) => measure(Number(text)));
const alone = runs.find(({ ranks }) => ranks === 1);
if (alone === undefined) throw new Error('--ranks: expected 1 among them');

console.log(`${cores} cores, ${launcher}, ${SHARDS} shards, native backend, 1 thread a rank\n`);
for (const run of runs) {
  const { latency, bandwidth } = fitCalls(run.calls);
  console.log(
    `${run.ranks} ranks: a call takes ${(1e6 * latency).toFixed(1)} µs and moves ${(bandwidth / 1e9).toFixed(2)} GB/s of a rank's bytes`,
  );
}
console.log('\n| workload | ranks | measured a step | predicted | error | speed-up |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const name of /** @type {(keyof typeof WORKLOADS)[]} */ (Object.keys(WORKLOADS))) {
  const one = alone.workloads[name];
  for (const run of runs) {
    const measured = run.workloads[name]?.step ?? Number.NaN;
    const predicted = stepOnRanks(name, alone, parametersOf(name), SHARDS, run, cores);
    const error = `${(100 * (predicted / measured - 1)).toFixed(1)} %`;
    const gain = `${(one.step / measured).toFixed(2)}×`;
    console.log(
      `| ${name} | ${run.ranks} | ${inMilliseconds(measured)} | ${inMilliseconds(predicted)} | ${error} | ${gain} |`,
    );
  }
}
for (const network of ON_NETWORKS) {
  console.log(
    `\n${network.name}: speed-up by the model, a shard a machine, 16 rows a shard at least (batch ${16 * MACHINES.at(-1)})`,
  );
  console.log(`| workload | ${MACHINES.join(' | ')} machines |`);
  console.log(`| --- |${' --- |'.repeat(MACHINES.length)}`);
  for (const name of /** @type {(keyof typeof WORKLOADS)[]} */ (Object.keys(WORKLOADS))) {
    const { batchSize } = WORKLOADS[name];
    const cost = { one: alone.workloads[name], batchSize, parameters: parametersOf(name) };
    const rows = 16 * (MACHINES.at(-1) ?? 1);
    const first = stepOnMachines(cost, rows, 1, SHARDS, network);
    const gains = MACHINES.map((count) =>
      (first / stepOnMachines(cost, rows, count, SHARDS, network)).toFixed(1),
    );
    console.log(`| ${name} | ${gains.join(' | ')} |`);
  }
}
