import {
  adamScalars,
  type Backend,
  beginPass,
  checkLayers,
  compileTraining,
  type Memory,
  type Network,
  type OptimizerPlan,
  type Program,
  parseLayers,
  resolve,
  type Slice,
  typescriptBackend,
} from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { copyMemory, expectSameMemory } from '../compare.js';
import { withSession } from '../run-both.js';
import { fillNetwork, type NetworkCase, SAMPLE_COUNT } from './networks.js';

const OPTIMIZERS: readonly OptimizerPlan['optimizer'][] = ['sgd', 'momentum', 'adam'];
const NETWORKS: Readonly<Record<string, Network['layers']>> = {
  dense: [30, 17, 7, 5],
  convolutional: checkLayers(parseLayers('5x6,conv4,norm,relu,pool,drop:0.2,9,5')),
};

/** Steps cut between their gradients and their update: the bits of whole steps. */
export function splitStepCases(): GroupCase[] {
  return Object.entries(NETWORKS).flatMap(([kind, layers]) =>
    OPTIMIZERS.flatMap((optimizer) =>
      [1, 3].map((shards) => ({
        name: `${kind}, ${optimizer}, ${shards} shards: a step in two halves`,
        run: (backend: Backend) => compareSteps(backend, layers, optimizer, shards),
      })),
    ),
  );
}

function compareSteps(
  backend: Backend,
  layers: Network['layers'],
  optimizer: OptimizerPlan['optimizer'],
  shards: number,
): void {
  const network: NetworkCase = {
    name: 'split',
    layers,
    activation: 'tanh',
    outputActivation: 'none',
    preprocess: 'scale',
    shift: null,
    batchSize: 7,
    l2: Math.fround(0.01),
  };
  const program = compileTraining(
    network,
    { sampleCount: SAMPLE_COUNT, capacity: SAMPLE_COUNT, preprocess: 'scale', shift: null },
    { batchSize: 7, optimizer, l2: network.l2, shards, isSplit: true },
  );
  const steps = Math.ceil(SAMPLE_COUNT / 7);
  withSession(typescriptBackend(), program, (oracle) => {
    fill(network, program, oracle.memory, steps);
    withSession(backend, program, (session) => {
      copyMemory(program, oracle.memory, session.memory);
      for (const one of [oracle, session]) beginPass(one.memory, SAMPLE_COUNT);
      for (let step = 1; step <= steps; step += 1) {
        oracle.run('train', 1);
        const control = session.memory.u32('control');
        const before = control.slice();
        session.run('gradients', 1);
        control.set(before);
        session.run('update', 1);
        const isCarried = carriedBy(network);
        expectSameMemory(program, session.memory, oracle.memory, `step ${step}`, isCarried);
      }
    });
  });
}

/** What a step leaves for the next: parameters, what the optimiser remembers, losses and control. */
function carriedBy(network: NetworkCase): (slice: Slice) => boolean {
  const parameters = resolve(network).parameters.map(({ name }) => name);
  return ({ name }) => parameters.includes(name) || /velocity|Moment|^(losses|control)$/.test(name);
}

function fill(network: NetworkCase, { slices }: Program, memory: Memory, steps: number): void {
  const has = (name: string) => slices.some((slice) => slice.name === name);
  fillNetwork(network, memory, has('rates'));
  if (has('dropoutPlace')) memory.u32('dropoutPlace').set([5, 0, 0]);
  if (!has('scalars')) return;
  const rates = new Float64Array(steps).fill(0.01);
  memory.f32('scalars').set(adamScalars(rates, 0, 0));
}
