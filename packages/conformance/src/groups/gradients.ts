import {
  type Backend,
  beginPass,
  checkLayers,
  compileTraining,
  initialParameters,
  layersText,
  type Network,
  parameterShapes,
  parseLayers,
  range,
  resolve,
  type Session,
  writeParameters,
} from '@bitgrad/core';
import { check, type GroupCase } from '../case.js';
import { withSession } from '../run-both.js';
import { caseStream, someValues } from '../values.js';
import { forward64 } from './binary64-network.js';
import { ACTIVATIONS } from './layer-shapes.js';

const ROWS = 6;
/** The step of the differences: their error is about its square. */
const STEP = 1e-5;
/** Samples for which no activation's argument lies nearer to its kink than this are taken. */
const CLEARANCE = 1e-3;
/** What binary32 rounding may add to a gradient of a size of about 1. */
const TOLERANCE = 3e-6;

/** Convolutions and pooling of every form, and norms, where differences can be taken quickly. */
const IMAGE_LAYERS = [
  '4x4,conv2,3',
  '5x4x2,conv3:2/2,3',
  '4x5x3,conv2:3x1,none,3',
  '5x5,conv2:3/2v,3',
  '4x4,conv3:2,conv2:3,3',
  '6x6,conv2,pool,3',
  '5x5,conv2,pool:3/2,3',
  '5x5,conv2,pool:3/2s,3',
  '5x4,conv2,avgpool,3',
  '5x5,conv2,avgpool:3/2s,3',
  '4x4x2,conv4,gap',
  '4x4x2,conv3,gap,3',
  '4x4,conv2,norm,3',
  '6x6,conv2:5/2,norm,pool,conv3:1,norm,gap,4,norm,3',
  '5,norm,4,norm,3',
];

/** Every parameter's gradient of every kind of layer, by finite differences in binary64. */
export function gradientCases(): GroupCase[] {
  const networks: Network[] = ACTIVATIONS.flatMap((activation) => [
    { layers: [5, 4, 3], activation, outputActivation: 'none' },
    { layers: [4, 5, 3, 4, 3], activation, outputActivation: 'none' },
    { layers: [3, 7, 4], activation, outputActivation: 'relu' },
  ]);
  networks.push({ layers: [6, 4], activation: 'relu', outputActivation: 'none' });
  for (const text of IMAGE_LAYERS) {
    const layers = checkLayers(parseLayers(text));
    networks.push({ layers, activation: 'tanh', outputActivation: 'none' });
    networks.push({ layers, activation: 'relu', outputActivation: 'none' });
  }
  for (const layers of [
    [6, 4],
    [5, 4, 3],
    [4, 1],
  ]) {
    const loss = 'binary-cross-entropy';
    networks.push({ layers, activation: 'tanh', outputActivation: 'none', loss });
  }
  return networks.map((network) => ({
    name: `${layersText(network.layers).replaceAll(',', '-')} ${network.activation}, output ${network.outputActivation}${network.loss ? `, ${network.loss}` : ''}`,
    run: (backend) => expectGradients(backend, network),
  }));
}

function expectGradients(backend: Backend, network: Network): void {
  const { parameters, inputs, labels } = pointAwayFromKinks(network);
  const gradients = backendGradients(backend, network, parameters, inputs, labels);
  const point = Float64Array.from(parameters);
  for (const { name, start, length, isTrained } of parameterShapes(network)) {
    if (!isTrained) continue;
    const gradient = gradients.get(name)!;
    for (let i = 0; i < length; i += 1) {
      const value = point[start + i]!;
      point[start + i] = value + STEP;
      const above = forward64(network, point, inputs, labels).meanLoss;
      point[start + i] = value - STEP;
      const below = forward64(network, point, inputs, labels).meanLoss;
      point[start + i] = value;
      const expected = (above - below) / (2 * STEP);
      check(
        Math.abs(gradient[i]! - expected) <= TOLERANCE * Math.max(1, Math.abs(expected)),
        `gradient of ${name}, index ${i}: expected about ${expected}, received ${gradient[i]}`,
      );
    }
  }
}

/** Draws parameters and samples until no activation stands near its kink. */
function pointAwayFromKinks(network: Network): {
  parameters: Float32Array;
  inputs: Float32Array;
  labels: Uint32Array;
} {
  const { features, outputs } = resolve(network);
  for (let seed = 1; ; seed += 1) {
    const stream = caseStream(seed);
    const parameters = initialParameters(network, 'he', seed);
    // Biases begin at 0.
    for (const { shape, start, length, isTrained } of parameterShapes(network)) {
      if (shape.length === 1 && isTrained) {
        parameters.set(someValues(length, 'ordinary', stream), start);
      }
    }
    const inputs = someValues(ROWS * features, 'ordinary', stream);
    const labels = new Uint32Array(ROWS).map(() => stream.below(outputs));
    const { nearestKink } = forward64(network, Float64Array.from(parameters), inputs, labels);
    if (nearestKink > CLEARANCE) return { parameters, inputs, labels };
  }
}

function backendGradients(
  backend: Backend,
  network: Network,
  parameters: Float32Array,
  inputs: Float32Array,
  labels: Uint32Array,
): Map<string, Float32Array> {
  const program = compileTraining(
    network,
    { sampleCount: ROWS, capacity: ROWS, preprocess: 'none', shift: null },
    { batchSize: ROWS, optimizer: 'none', l2: 0 },
  );
  return withSession(backend, program, (session) => {
    const { memory } = session;
    writeParameters(memory, network, parameters);
    memory.f32('samples').set(inputs);
    writeLabels(memory, network, labels);
    memory.u32('order').set(range(0, ROWS));
    beginPass(memory, ROWS);
    session.run('train', 1);
    const trained = parameterShapes(network).filter(({ isTrained }) => isTrained);
    return new Map(trained.map(({ name, gradient }) => [name, memory.f32(gradient).slice()]));
  });
}

/** A label as a class, or as yes of its own output and no of all others. */
export function writeLabels(
  memory: Session['memory'],
  network: Network,
  labels: ArrayLike<number>,
): void {
  if (network.loss !== 'binary-cross-entropy') {
    memory.u32('labels').set(labels);
    return;
  }
  const { outputs } = resolve(network);
  const values = memory.f32('values').fill(0);
  for (let row = 0; row < labels.length; row += 1) values[row * outputs + labels[row]!] = 1;
}
