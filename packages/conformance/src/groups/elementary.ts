import {
  type ActivationName,
  type Backend,
  beginPass,
  exp,
  log,
  sigmoid,
  tanh,
} from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { expectSameBits, expectSameNumber } from '../compare.js';
import type { ElementaryGolden } from '../golden-types.js';
import { ELEMENTARY_GOLDENS } from '../goldens/elementary.js';
import { floatsFromHex } from '../hex.js';
import { programOf, withSession } from '../run-both.js';
import { caseStream } from '../values.js';

const { fround } = Math;
/** Below this, 1 + e^x is 1 in binary32. */
const LOST_BESIDE_ONE = -17.4;

const TYPESCRIPT_FUNCTIONS = { tanh, sigmoid, elu: (v: number) => elu(v, exp(v)) };

/**
 * exp, log, tanh and sigmoid inside a backend's ops: against correctly rounded goldens, and against
 * the TypeScript functions at many more values.
 */
export function elementaryCases(): GroupCase[] {
  return [
    ...ELEMENTARY_GOLDENS.map((golden) => ({
      name: `golden: ${golden.function}`,
      run: (backend: Backend) => runGolden(backend, golden),
    })),
    ...Object.entries(TYPESCRIPT_FUNCTIONS).map(([activation, apply]) => ({
      name: `activation ${activation}, 20,000 values`,
      run: (backend: Backend) => {
        const inputs = anyFloats(20_000);
        expectActivation(backend, activation as ActivationName, inputs, inputs.map(apply));
      },
    })),
    {
      name: 'exp in softmax, 20,000 values',
      run: (backend) => {
        const inputs = spreadFloats(20_000, -110, LOST_BESIDE_ONE);
        expectSoftmax(backend, inputs, inputs.map(exp));
      },
    },
    {
      name: 'log in the loss, sums up to 512',
      run: (backend) => {
        for (let classes = 65; classes <= 512; classes += 7) {
          expectLogarithm(backend, classes, log(classes));
        }
      },
    },
  ];
}

function runGolden(backend: Backend, golden: ElementaryGolden): void {
  const inputs = floatsFromHex(golden.inputs);
  const results = floatsFromHex(golden.results);
  const own = { exp, log, tanh, sigmoid }[golden.function];
  expectSameBits(inputs.map(own), results, `core's ${golden.function}`);
  if (golden.function === 'exp') expectExponentials(backend, inputs, results);
  else if (golden.function !== 'log') {
    expectActivation(backend, golden.function, inputs, results);
  } else {
    for (const [at, input] of inputs.entries()) {
      if (Number.isInteger(input) && input <= 64) expectLogarithm(backend, input, results[at]!);
    }
  }
}

/** exp is no op: its results are met in ELU and softmax, those of positive numbers in sigmoid. */
function expectExponentials(backend: Backend, inputs: Float32Array, results: Float32Array): void {
  const isLost = (_: number, at: number): boolean => inputs[at]! < LOST_BESIDE_ONE;
  expectSoftmax(backend, inputs.filter(isLost), results.filter(isLost));
  expectActivation(
    backend,
    'elu',
    inputs,
    inputs.map((x, at) => elu(x, results[at]!)),
  );
  expectActivation(
    backend,
    'sigmoid',
    inputs.map((x) => -x),
    results.map((exponential) => 1 / fround(1 + exponential)),
  );
}

/** ELU of v, given e^v. */
function elu(v: number, exponential: number): number {
  return v > 0 ? v : fround(exponential - 1);
}

/** Applies an activation to all inputs as one row. */
function expectActivation(
  backend: Backend,
  activation: ActivationName,
  inputs: Float32Array,
  expected: Float32Array,
): void {
  const width = inputs.length;
  const program = programOf([{ op: 'activation', output: 'output', width, activation }], 1, [
    ['output', 'f32', 1, width],
  ]);
  withSession(backend, program, (session) => {
    const output = session.memory.f32('output');
    output.set(inputs);
    beginPass(session.memory, 1);
    session.run('train', 1);
    for (const [at, input] of inputs.entries()) {
      expectSameNumber(output[at]!, expected[at]!, `${activation} of ${input}`);
    }
  });
}

/** Softmax of `[0, x]` is `[1, e^x]` where e^x is lost beside 1. */
function expectSoftmax(backend: Backend, inputs: Float32Array, expected: Float32Array): void {
  const rows = inputs.length;
  const program = programOf(
    [{ op: 'softmax', logits: 'logits', probabilities: 'probabilities', classes: 2 }],
    rows,
    [
      ['logits', 'f32', rows, 2],
      ['probabilities', 'f32', rows, 2],
    ],
  );
  withSession(backend, program, (session) => {
    for (const [row, x] of inputs.entries()) session.memory.f32('logits')[2 * row + 1] = x;
    beginPass(session.memory, rows);
    session.run('train', 1);
    const probabilities = session.memory.f32('probabilities');
    for (const [row, x] of inputs.entries()) {
      expectSameNumber(probabilities[2 * row]!, 1, `softmax of [0, ${x}], element 0`);
      expectSameNumber(
        probabilities[2 * row + 1]!,
        expected[row]!,
        `softmax of [0, ${x}], element 1`,
      );
    }
  });
}

/** The loss of equal logits is the logarithm of their number. */
function expectLogarithm(backend: Backend, classes: number, expected: number): void {
  const program = programOf(
    [
      {
        op: 'softmaxCrossEntropy',
        logits: 'logits',
        targets: 'targets',
        losses: 'losses',
        dLogits: 'dLogits',
        classes,
      },
    ],
    1,
    [
      ['logits', 'f32', 1, classes],
      ['targets', 'u32', 1],
      ['losses', 'f32', 1],
      ['dLogits', 'f32', 1, classes],
    ],
  );
  withSession(backend, program, (session) => {
    beginPass(session.memory, 1);
    session.run('train', 1);
    expectSameNumber(
      session.memory.f32('losses')[0]!,
      expected,
      `loss of ${classes} equal logits: log(${classes})`,
    );
  });
}

/** Finite values of every magnitude: any bits but those of infinities and NaN. */
function anyFloats(count: number): Float32Array {
  const stream = caseStream(count);
  const values = new Float32Array(count);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < count; i += 1) {
    // Every other one is where the functions bend.
    const magnitude =
      i % 2 === 0 ? stream.below(0x7f800000) : 0x38000000 + stream.below(0x0b000000);
    bits[i] = magnitude + stream.below(2) * 0x80000000;
  }
  return values;
}

/** Values from `lowest` to `highest`. */
function spreadFloats(count: number, lowest: number, highest: number): Float32Array {
  const stream = caseStream(count + 1);
  return new Float32Array(count).map(() => lowest + (highest - lowest) * stream.uniform());
}
