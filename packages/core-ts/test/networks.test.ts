import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { checkItems } from '../src/layers/items.js';
import { parseLayers } from '../src/layers/text.js';
import { compileInference } from '../src/network/compile.js';
import { resolve } from '../src/network/graph.js';
import { denseWidths, type LossName, type Network } from '../src/network/network.js';
import { initialDeviation, initialParameters, writeParameters } from '../src/network/parameters.js';
import { beginPass } from '../src/program/session.js';
import { drawMaps, drawShifts, parseAugmentation } from '../src/train/augment.js';
import { checkSplit, epochSize, stepsPerEpoch } from '../src/train/epoch-plan.js';
import { smallRecipe } from './synthetic.js';

const network = (text: string, loss: LossName = 'cross-entropy', dropout = 0): Network => ({
  layers: checkItems(parseLayers(text)),
  activation: 'relu',
  outputActivation: 'none',
  loss,
  dropout,
});

describe('initial weights', () => {
  it.each([
    ['xavier', 3, 5, 0.5],
    ['he', 8, 5, 0.5],
    ['normal:0.25', 8, 5, 0.25],
    ['normal:1e-3', 8, 5, 1e-3],
  ])('by %s of %i inputs and %i outputs deviate by %d', (initializer, ins, outs, deviation) => {
    expect(initialDeviation(initializer, ins, outs)).toBe(deviation);
  });

  it.each([
    ...['', 'normal', 'normal:', 'normal:0', 'normal:-1', 'normal:x', 'normal:Infinity'],
    ...['normal:NaN', 'normal:1:2', 'other:1', 'xavier:1', 'He', ':1'],
  ])('are not by %j', (initializer) => {
    expect(() => initialDeviation(initializer, 3, 5)).toThrow(
      `initializer: expected xavier, he or normal:DEVIATION (as in normal:0.1), received "${initializer}"`,
    );
  });

  it('are drawn a layer at a time; biases are 0, scales 1', () => {
    const parameters = initialParameters(network('4x4,conv2:1,norm,3'), 'normal:0.5', 1);
    // Convolution 2, scale 2, shift 2, mean 2, variance 2, dense 32 · 3, bias 3.
    expect(parameters).toHaveLength(2 + 8 + 96 + 3);
    expect([...parameters.subarray(2, 10)]).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
    expect([...parameters.subarray(106)]).toEqual([0, 0, 0]);
    const dense = parameters.subarray(10, 106);
    const mean = dense.reduce((sum, value) => sum + value, 0) / 96;
    const deviation = Math.sqrt(dense.reduce((sum, value) => sum + value * value, 0) / 96);
    expect(Math.abs(mean)).toBeLessThan(0.2);
    expect(Math.abs(deviation - 0.5)).toBeLessThan(0.15);
    expect(new Set(parameters.subarray(0, 2)).has(dense[0]!)).toBe(false);
  });
});

describe('a graph', () => {
  it('has images laid flat before a dense layer, and nothing else', () => {
    const types = (text: string) => resolve(network(text)).nodes.map(({ spec }) => spec.type);
    expect(types('4x4,3')).toEqual(['flatten', 'dense']);
    expect(types('4x4,flatten,3')).toEqual(['flatten', 'dense']);
    expect(types('16,3')).toEqual(['dense']);
  });

  it('keeps what is dropped after each hidden layer beside it, and the last output as logits', () => {
    const { nodes } = resolve(network('4,3,2', 'cross-entropy', 0.5));
    expect(nodes.map(({ output }) => output)).toEqual([
      'layers.0.output',
      'activation.0.output',
      'layers.0.dropped',
      'logits',
    ]);
    expect(nodes.at(-1)!.dOutput).toBe('dLogits');
  });

  it.each([
    ['4x4,conv2,relu,relu,3', /between two activations/],
    ['4x4,gap', /at least one layer with weights/],
    ['4,3,drop:0.5', /a layer after it, received none: it would drop outputs/],
  ])('is none of %s', (text, message) => {
    expect(() => resolve(network(text))).toThrow(message);
  });

  it('is dense alone, or not', () => {
    expect(denseWidths(network('4,3,2'))).toEqual([4, 3, 2]);
    expect(denseWidths(network('4x4,3'))).toBeNull();
    expect(denseWidths(network('4,3,tanh,2'))).toBeNull();
  });
});

describe('a network in use gives', () => {
  const ways: [LossName, string, (z: number, all: number[]) => number][] = [
    ['cross-entropy', 'probabilities', (z, all) => Math.exp(z) / sumOf(all.map(Math.exp))],
    ['squared-error', 'outputs', (z) => z],
    ['binary-cross-entropy', 'probabilities', (z) => 1 / (1 + Math.exp(-z))],
  ];
  const sumOf = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0);

  it.each(ways)('by %s its %s', (loss, result, expected) => {
    const one = network('2,2', loss);
    const input = { sampleCount: 3, capacity: 3, preprocess: 'none', shift: null } as const;
    const session = typescriptBackend().open(compileInference(one, input));
    const { memory } = session;
    writeParameters(memory, one, Float32Array.of(1, -1, 0.5, 2, 0.25, -0.5));
    memory.f32('samples').set([1, 2, -1, 0.5, 3, -2]);
    memory.u32('order').set([2, 0, 1]);
    beginPass(memory, 3);
    session.run('predict', 1);
    // w = [[1, −1], [0.5, 2]], b = [0.25, −0.5].
    const logits = [
      [2.25, -7.5],
      [2.25, 2.5],
      [-0.5, 1.5],
    ];
    const all = logits.flatMap((row) => row.map((z) => expected(z, row)));
    for (const [at, value] of all.entries()) {
      expect(memory.f32(result)[at]).toBeCloseTo(value, 6);
    }
    session.close();
  });
});

describe('images are moved', () => {
  it.each([
    ['none', 'none', 0, false, false],
    ['shift:1', 'shifts', 1, false, false],
    ['shift:999', 'shifts', 999, false, false],
    ['affine', 'maps', 0, true, false],
    ['flip', 'maps', 0, false, true],
    ['flip+shift:4', 'maps', 4, false, true],
    ['shift:4+flip', 'maps', 4, false, true],
    ['affine+flip', 'maps', 0, true, true],
  ])('by %s', (text, kind, shift, isAffine, flips) => {
    expect(parseAugmentation(text)).toEqual({ kind, shift, isAffine, flips });
  });

  it.each([
    ...['', 'shift', 'shift:0', 'shift:01', 'shift:1000', 'shift:-1', 'xshift:1', 'shift:1x'],
    ...['flip+flip', 'shift:1+affine', 'shift:1+shift:2', 'none+flip', 'flip+', 'Flip'],
  ])('but not by %j', (text) => {
    expect(() => parseAugmentation(text)).toThrow(/^augment: expected none, affine, flip or shift/);
  });

  it('by each shift alike', () => {
    const shifts = new Int32Array(2000);
    drawShifts(shifts, parseAugmentation('shift:2'), 1, 0);
    const counts = [-2, -1, 0, 1, 2].map((shift) => shifts.filter((one) => one === shift).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(2000);
    for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(80);
    const others = new Int32Array(2000);
    drawShifts(others, parseAugmentation('shift:2'), 1, 1);
    expect(others).not.toEqual(shifts);
  });

  it('and mirrored about their middle', () => {
    const maps = new Int32Array(600);
    drawMaps(maps, parseAugmentation('flip'), { height: 3, width: 5 }, 1, 0);
    const all = Array.from({ length: 100 }, (_, at) =>
      [...maps.subarray(6 * at, 6 * at + 6)].join(),
    );
    const [plain, mirror] = ['65536,0,0,0,65536,0', '-65536,0,262144,0,65536,0'];
    expect([...new Set(all)].sort()).toEqual([mirror, plain].sort());
    expect(Math.abs(all.filter((one) => one === mirror).length - 50)).toBeLessThan(20);
    const moved = new Int32Array(600);
    drawMaps(moved, parseAugmentation('flip+shift:1'), { height: 3, width: 5 }, 1, 0);
    const steps = new Set(moved.filter((_, at) => at % 6 === 5).map((one) => one / 65536));
    expect([...steps].sort()).toEqual([-1, 0, 1]);
  });
});

describe('what shows once samples are split', () => {
  const split = (train: number, validation: number) => ({
    train: new Uint32Array(train),
    validation: new Uint32Array(validation),
    test: new Uint32Array(0),
  });
  const recipe = smallRecipe({ batchSize: 7, epochs: 3, warmup: 0, patience: null });

  it('is how many steps there are', () => {
    expect([epochSize(recipe, split(15, 6)), stepsPerEpoch(recipe, split(15, 6))]).toEqual([15, 3]);
    const whole = { ...recipe, trainOnValidation: true };
    expect([epochSize(whole, split(15, 6)), stepsPerEpoch(whole, split(15, 6))]).toEqual([21, 3]);
    expect(stepsPerEpoch(recipe, split(14, 0))).toBe(2);
  });

  it('is whether rates still rise at the end, and patience has something to look at', () => {
    expect(() => checkSplit({ ...recipe, warmup: 9 }, split(15, 0))).not.toThrow();
    expect(() => checkSplit({ ...recipe, warmup: 10 }, split(15, 0))).toThrow(
      'warmup: expected at most 9, the steps of the training, received 10',
    );
    expect(() => checkSplit({ ...recipe, patience: 1 }, split(15, 1))).not.toThrow();
    expect(() => checkSplit({ ...recipe, patience: 1 }, split(15, 0))).toThrow(
      'patience: expected null, because so few samples leave none for validation',
    );
  });
});
