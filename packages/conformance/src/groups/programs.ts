import {
  type Backend,
  beginPass,
  type Program,
  type Slice,
  typescriptBackend,
} from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { copyMemory, expectFinite, expectSameMemory } from '../compare.js';
import { expectSamePass, withSession } from '../run-both.js';
import {
  compileCase,
  fillNetwork,
  type NetworkCase,
  networkCases,
  SAMPLE_COUNT,
} from './networks.js';

/** Networks op by op, then in whole steps: every slice against the TypeScript backend. */
export function programCases(): GroupCase[] {
  return networkCases().flatMap((network) => [
    { name: `op by op: ${network.name}`, run: (backend) => opByOp(backend, network) },
    { name: `gradients: ${network.name}`, run: (backend) => gradients(backend, network) },
    { name: `steps: ${network.name}`, run: (backend) => steps(backend, network) },
  ]);
}

/**
 * Runs programs that end after the first op, the second, and so on. Without an optimiser no
 * backend has a reason to leave a slice unwritten, so that all of them are compared.
 */
function opByOp(backend: Backend, network: NetworkCase): void {
  const whole = compileCase(network, 'none');
  const { ops, batchSize } = whole.entries.train!;
  for (let count = 1; count <= ops.length; count += 1) {
    const program: Program = {
      ...whole,
      entries: { train: { batchSize, ops: ops.slice(0, count) } },
    };
    expectSamePass(backend, {
      program,
      entry: 'train',
      // One full step, or a partial one: the smaller the case, the nearer the mistake.
      count: count % 2 === 0 ? batchSize : Math.max(1, batchSize - 3),
      where: `op ${count} of ${ops.length} (${ops[count - 1]!.op})`,
      fill: (memory) => fillNetwork(network, memory),
      isCompared: count === 1 ? undefined : isStored,
    });
  }
}

/** All but the gathered samples: a backend may list what they hold, where only products read it. */
function isStored({ name }: Slice): boolean {
  return name !== 'input';
}

/** A whole pass that stops at the gradients, and one that only looks. */
function gradients(backend: Backend, network: NetworkCase): void {
  const program = compileCase(network, 'none');
  for (const entry of ['train', 'evaluate'] as const) {
    expectSamePass(backend, {
      program,
      entry,
      count: SAMPLE_COUNT,
      where: `entry ${entry} without an optimiser`,
      fill: (memory) => fillNetwork(network, memory),
      isCompared: isStored,
    });
  }
}

/**
 * Three epochs of training, compared after every step, each followed by a look at all samples. What
 * lies between is the backend's own: it may fuse a gradient into its update, and never write it.
 */
function steps(backend: Backend, network: NetworkCase): void {
  const program = compileCase(network, 'sgd');
  const passSteps = Math.ceil(SAMPLE_COUNT / program.entries.train!.batchSize);
  withSession(typescriptBackend(), program, (oracle) => {
    fillNetwork(network, oracle.memory);
    withSession(backend, program, (session) => {
      copyMemory(program, oracle.memory, session.memory);
      for (let epoch = 1; epoch <= 3; epoch += 1) {
        for (const entry of ['train', 'evaluate'] as const) {
          const entrySteps = entry === 'train' ? passSteps : 1;
          for (const one of [oracle, session]) beginPass(one.memory, SAMPLE_COUNT);
          for (let step = 1; step <= entrySteps; step += 1) {
            for (const one of [oracle, session]) one.run(entry, 1);
            const where = `epoch ${epoch}, ${entry} step ${step}`;
            expectFinite(program, oracle.memory, where);
            expectSameMemory(program, session.memory, oracle.memory, where, isResult);
          }
        }
      }
    });
  });
}

/** Parameters, losses, predictions and control, and what the caller wrote and must find again. */
function isResult({ name }: Slice): boolean {
  const isParameter = /^layers\.\d+\.(weight|bias)$/.test(name);
  return (
    isParameter ||
    ['control', 'losses', 'predicted', 'samples', 'labels', 'order', 'shifts', 'rates'].includes(
      name,
    )
  );
}
