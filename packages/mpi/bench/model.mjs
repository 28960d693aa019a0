// The model: a step is its shards' gradients, the sums' way to the owners of the parameters' pieces, the
// folding and updating of a piece, and the parameters' way back. A call costs a latency for each other
// rank and its bytes by a bandwidth.

/**
 * Seconds a step, the parts by what they are.
 * @typedef {{ step: number, gradients: number, update: number, exchange: number, gather: number }} Step
 */
/**
 * @typedef {{
 *   ranks: number,
 *   calls: { bytes: number, seconds: number }[],
 *   workloads: Record<string, Step>,
 * }} Measured
 */
/** @typedef {{ name: string, latency: number, bandwidth: number }} Network seconds, bytes a second */

/** @type {Network[]} nominal bandwidths less a tenth; the latency of TCP, and of RDMA */
export const ON_NETWORKS = [
  { name: '10 Gbit/s, 30 µs', latency: 30e-6, bandwidth: 1.125e9 },
  { name: '100 Gbit/s, 3 µs', latency: 3e-6, bandwidth: 11.25e9 },
];

/**
 * What calls on few and many bytes cost: seconds of one, and bytes a second.
 * @param {Measured['calls']} calls in ascending order of bytes
 */
export function fitCalls(calls) {
  const [first, last] = [calls[0], calls.at(-1)];
  if (first === undefined || last === undefined) throw new Error('expected calls');
  const bandwidth = (last.bytes - first.bytes) / Math.max(1e-9, last.seconds - first.seconds);
  return { latency: first.seconds, bandwidth };
}

/**
 * A call on so many bytes, between what was measured on either side of it.
 * @param {Measured['calls']} calls @param {number} bytes
 */
function callOn(calls, bytes) {
  const above = calls.findIndex((one) => one.bytes >= bytes);
  const at = above < 0 ? calls.length - 1 : Math.max(1, above);
  const [low, high] = [calls[at - 1], calls[at]];
  if (low === undefined || high === undefined) throw new Error('expected calls');
  const slope = (high.seconds - low.seconds) / (high.bytes - low.bytes);
  return Math.max(Math.min(low.seconds, high.seconds), low.seconds + slope * (bytes - low.bytes));
}

/** What JavaScript copies of a rank's sums and parameters, in parameters. */
const copied = (/** @type {number} */ shards, /** @type {number} */ ranks) =>
  (2 * shards) / ranks + 1 + 1 / ranks;

const restOf = (/** @type {Step} */ one) =>
  one.step - one.gradients - one.update - one.exchange - one.gather;

/** What a step's calls take, on so many ranks. @param {Measured} run @param {number} parameters @param {number} shards */
function movingOn({ ranks, calls }, parameters, shards) {
  const own = Math.ceil(shards / ranks);
  return callOn(calls, 4 * parameters * own) + callOn(calls, 4 * parameters);
}

/**
 * What one rank's calls take in a training beyond the same ones that do nothing else: they find their bytes outside
 * the caches, and what they moved is read anew.
 * @param {Step} one @param {Measured} alone @param {number} parameters @param {number} shards
 */
const coldOf = (one, alone, parameters, shards) =>
  Math.max(0, one.exchange + one.gather - movingOn(alone, parameters, shards));

/**
 * Seconds of a step on ranks of this machine, by what one of them takes and what calls take.
 * @param {string} name of the workload @param {Measured} alone one rank @param {number} parameters
 * @param {number} shards @param {Measured} run @param {number} cores
 */
export function stepOnRanks(name, alone, parameters, shards, run, cores) {
  const one = alone.workloads[name];
  if (one === undefined) return Number.NaN;
  const { ranks } = run;
  const own = Math.ceil(shards / ranks) / shards;
  const rest = (restOf(one) * copied(shards, ranks)) / copied(shards, 1);
  const computing = one.gradients * own + one.update / ranks + rest;
  const moving = movingOn(run, parameters, shards) + coldOf(one, alone, parameters, shards);
  return computing * Math.max(1, ranks / cores) + moving;
}

/**
 * Seconds of a step of so many rows on machines, each with a shard.
 * @param {{ one: Step | undefined, batchSize: number, parameters: number }} cost of a step of `batchSize` rows
 * @param {number} rows @param {number} machines @param {number} measuredShards @param {Network} network
 */
export function stepOnMachines(cost, rows, machines, measuredShards, { latency, bandwidth }) {
  const { one, batchSize, parameters } = cost;
  if (one === undefined) return Number.NaN;
  const gradients = (one.gradients * rows) / batchSize / machines;
  // The sums of all shards are folded; what the optimiser does is as much as two of them.
  const update = (one.update * (machines + 2)) / (measuredShards + 2) / machines;
  const copying = (restOf(one) * copied(machines, machines)) / copied(measuredShards, 1);
  if (machines === 1) return gradients + update;
  const bytes = (2 * 4 * parameters * (machines - 1)) / machines;
  return gradients + update + copying + 2 * latency * (machines - 1) + bytes / bandwidth;
}
