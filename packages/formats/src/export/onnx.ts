import type { TableEncoding } from '@bitgrad/core';
import { checkCount } from './bytes.js';
import { describeInput, describeModel, describeOutput } from './descriptions.js';
import { byKind, type Exportable, offsetsOf, perFeature } from './exportable.js';
import { OnnxGraph } from './onnx-graph.js';
import { enterImages, leaveImages, OPERATORS } from './onnx-layers.js';
import { DOUBLE, encode, FLOAT, graphProto, modelProto, valueProto } from './onnx-schema.js';

/** The version of ONNX's operators that the graph is written in. */
const OPSET = 17;
/** The version of the file format that came with it (ONNX 1.12). */
const IR_VERSION = 8;
/** Protobuf messages end below 2 GiB; this leaves room for the rest of the file. */
const MOST_PARAMETERS = 500_000_000;

/**
 * Writes ONNX. The graph takes `input` `[batch, features]` as it is in the files (pixels from 0 to
 * 255, a table's own numbers), prepares it itself, and gives `probabilities` `[batch, classes]` (of each
 * label's yes, where there are several), or `output` `[batch, outputs]` for numbers.
 */
export function exportOnnx(model: Exportable): Uint8Array {
  const { nodes, features, outputs, isRegression, outputFunction, targets } = model;
  checkCount('onnx', model.parameterCount, MOST_PARAMETERS);
  const graph = new OnnxGraph();
  addPreparation(graph, model);
  enterImages(graph, model);
  for (const node of nodes) byKind(OPERATORS, node, graph);
  const last = nodes.at(-1)!.outputShape;
  if (last.length === 3) leaveImages(graph, 'logits');
  const output = isRegression ? 'output' : 'probabilities';
  const offsets = isRegression ? offsetsOf(model.encoding?.targets) : null;
  const result = offsets ? 'output.rounded' : output;
  if (outputFunction === 'sigmoid') graph.apply('Sigmoid', [], output);
  else if (outputFunction === 'softmax') {
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

function addPreparation(graph: OnnxGraph, model: Exportable): void {
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
function addTable(graph: OnnxGraph, encoding: TableEncoding): void {
  if (offsetsOf(encoding.columns)) {
    graph.doubles(
      'input.offset',
      perFeature(encoding, ({ offset }) => offset),
    );
    graph.apply('Sub', ['input.offset'], 'input.moved');
    graph.cast(FLOAT, 'input.rounded');
  }
  const medians = perFeature(encoding, ({ median }) => median);
  graph.constant('input.median', [medians.length], Float32Array.from(medians));
  graph.choose('IsNaN', 'input.isMissing', 'input.median', 'input.whole');
}
