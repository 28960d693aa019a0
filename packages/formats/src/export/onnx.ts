import {
  type ActivationName,
  type ColumnEncoding,
  columnWidth,
  type TableEncoding,
} from '@bitgrad/core';
import { checkCount, littleEndianBytes } from './bytes.js';
import { describeInput, describeModel, describeOutput } from './descriptions.js';
import { type Exportable, offsetsOf } from './exportable.js';
import {
  type Attribute,
  DOUBLE,
  encode,
  FLOAT,
  graphProto,
  type Message,
  modelProto,
  nodeProto,
  tensorProto,
  valueProto,
} from './onnx-schema.js';

/** The version of ONNX's operators that the graph is written in. */
const OPSET = 17;
/** The version of the file format that came with it (ONNX 1.12). */
const IR_VERSION = 8;
/** Protobuf messages end below 2 GiB; this leaves room for the rest of the file. */
const MOST_PARAMETERS = 500_000_000;

const ACTIVATIONS: Readonly<Record<ActivationName, readonly [string, ...Attribute[]]>> = {
  relu: ['Relu'],
  sigmoid: ['Sigmoid'],
  tanh: ['Tanh'],
  'leaky-relu': ['LeakyRelu', { name: 'alpha', kind: 'float', value: Math.fround(0.01) }],
  elu: ['Elu', { name: 'alpha', kind: 'float', value: 1 }],
};

/**
 * Writes ONNX. The graph takes `input` `[batch, features]` as it is in the files (pixels from 0 to
 * 255, a table's own numbers), prepares it itself, and gives `probabilities` `[batch, classes]`, or
 * `output` `[batch, outputs]` for numbers.
 */
export function exportOnnx(model: Exportable): Uint8Array {
  const { layers, features, outputs, isRegression, targets } = model;
  checkCount(
    'onnx',
    layers.reduce((sum, { weight, bias }) => sum + weight.length + bias.length, 0),
    MOST_PARAMETERS,
  );
  const graph = new Graph();
  addPreparation(graph, model);
  for (const [index, { inWidth, outWidth, weight, bias, activation }] of layers.entries()) {
    const name = `layers.${index}`;
    graph.constant(`${name}.weight`, [inWidth, outWidth], weight);
    graph.constant(`${name}.bias`, [outWidth], bias);
    graph.apply('Gemm', [`${name}.weight`, `${name}.bias`], `${name}.sums`);
    if (activation !== null) {
      const [operator, ...attributes] = ACTIVATIONS[activation];
      graph.apply(operator, [], `${name}.output`, attributes);
    }
  }
  const output = isRegression ? 'output' : 'probabilities';
  const offsets = isRegression ? offsetsOf(model.encoding?.targets) : null;
  const result = offsets ? 'output.rounded' : output;
  if (!isRegression) {
    graph.apply('Softmax', [], output, [{ name: 'axis', kind: 'integer', value: 1 }]);
  } else if (targets) {
    graph.constant('output.deviation', [outputs], targets.deviation);
    graph.constant('output.mean', [outputs], targets.mean);
    graph.apply('Mul', ['output.deviation'], 'output.scaled');
    graph.apply('Add', ['output.mean'], result);
  } else graph.apply('Identity', [], result);
  if (offsets) {
    graph.cast(DOUBLE, 'output.double');
    graph.doubles('output.offset', offsets);
    graph.apply('Add', ['output.offset'], output);
  }
  return encode(
    modelProto({
      irVersion: IR_VERSION,
      opset: OPSET,
      producer: 'bitgrad',
      documentation: `Takes ${describeInput(model)}. Gives ${describeOutput(model)}.`,
      metadata: describeModel(model),
      graph: graphProto({
        name: 'bitgrad',
        nodes: graph.nodes,
        initializers: graph.constants,
        inputs: [
          valueProto({
            name: 'input',
            shape: ['batch', features],
            type: offsetsOf(model.encoding?.columns) ? DOUBLE : FLOAT,
            documentation: describeInput(model),
          }),
        ],
        outputs: [
          valueProto({
            name: output,
            shape: ['batch', outputs],
            type: offsets ? DOUBLE : FLOAT,
            documentation: describeOutput(model),
          }),
        ],
      }),
    }),
  );
}

function addPreparation(graph: Graph, model: Exportable): void {
  const { preprocess, standardization, features, encoding } = model;
  if (encoding?.rules !== undefined) addTable(graph, encoding);
  if (preprocess === 'binarize') {
    graph.constant('zero', [], Float32Array.of(0));
    graph.apply('Greater', ['zero'], 'input.isInk');
    graph.cast(FLOAT, 'input.binarized');
  } else if (preprocess === 'scale') {
    graph.constant('largestByte', [], Float32Array.of(255));
    graph.apply('Div', ['largestByte'], 'input.scaled');
  } else if (standardization) {
    graph.constant('input.mean', [features], standardization.mean);
    graph.constant('input.deviation', [features], standardization.deviation);
    graph.apply('Sub', ['input.mean'], 'input.centred');
    graph.apply('Div', ['input.deviation'], 'input.standardized');
  }
}

/** Subtracts offsets in binary64, rounds, and puts medians where numbers are missing (NaN). */
function addTable(graph: Graph, encoding: TableEncoding): void {
  const perFeature = (value: (column: ColumnEncoding) => number | undefined): number[] =>
    encoding.columns.flatMap((column) => {
      const values = new Array<number>(columnWidth(column)).fill(0);
      values[0] = value(column) ?? 0;
      return values;
    });
  if (offsetsOf(encoding.columns)) {
    graph.doubles(
      'input.offset',
      perFeature(({ offset }) => offset),
    );
    graph.apply('Sub', ['input.offset'], 'input.moved');
    graph.cast(FLOAT, 'input.rounded');
  }
  const medians = perFeature(({ median }) => median);
  graph.constant('input.median', [medians.length], Float32Array.from(medians));
  graph.choose('IsNaN', 'input.isMissing', 'input.median', 'input.whole');
}

/** A chain of operators: each takes what the one before gave. */
class Graph {
  readonly nodes: Message[] = [];
  readonly constants: Message[] = [];
  private current = 'input';

  constant(name: string, shape: readonly number[], values: Float32Array): void {
    const bytes = littleEndianBytes(values);
    this.constants.push(tensorProto({ name, shape, type: FLOAT, bytes }));
  }

  /** A constant of binary64 numbers. */
  doubles(name: string, values: readonly number[]): void {
    const bytes = new Uint8Array(values.length * 8);
    const view = new DataView(bytes.buffer);
    for (const [at, value] of values.entries()) view.setFloat64(8 * at, value, true);
    this.constants.push(tensorProto({ name, shape: [values.length], type: DOUBLE, bytes }));
  }

  cast(type: number, output: string): void {
    this.apply('Cast', [], output, [{ name: 'to', kind: 'integer', value: type }]);
  }

  /** Where an operator says so of what was given, `other` instead. */
  choose(operator: string, condition: string, other: string, output: string): void {
    const { current } = this;
    this.nodes.push(
      nodeProto({ operator, inputs: [current], output: condition, attributes: [] }),
      nodeProto({ operator: 'Where', inputs: [condition, other, current], output, attributes: [] }),
    );
    this.current = output;
  }

  apply(
    operator: string,
    others: readonly string[],
    output: string,
    attributes: readonly Attribute[] = [],
  ): void {
    this.nodes.push(nodeProto({ operator, inputs: [this.current, ...others], output, attributes }));
    this.current = output;
  }
}
