import type { ActivationName, TableEncoding } from '@bitgrad/core';
import { checkCount, littleEndianBytes } from './bytes.js';
import { describeInput, describeOutput } from './descriptions.js';
import { type Exportable, type ExportLayer, offsetsOf } from './exportable.js';
import { featuresSource } from './javascript-features.js';
import { DENSE, FEATURES, type FunctionName, functionSources } from './javascript-source.js';

/** Keeps the text well below the longest string that engines make. */
const MOST_PARAMETERS = 30_000_000;

const ACTIVATIONS: Readonly<Record<ActivationName, FunctionName>> = {
  relu: 'relu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  'leaky-relu': 'leakyRelu',
  elu: 'elu',
};

/**
 * Writes one ECMAScript module that needs nothing else and runs in browsers, workers and Node. It
 * exports `predict`, whose results equal the backends' to the last bit, `classNames`, and for a table
 * whose encoding is known `features`, which turns a row into numbers.
 */
export function exportJavascript(model: Exportable): Uint8Array {
  const { layers, encoding } = model;
  checkCount(
    'js',
    layers.reduce((sum, { weight, bias }) => sum + weight.length + bias.length, 0),
    MOST_PARAMETERS,
  );
  const functions = new Set(layers.map(functionOf));
  if (!model.isRegression) functions.add('softmax');
  const parts = [
    heading(model),
    DENSE,
    ...functionSources(functions),
    `const layers = [\n${layers.map(layerSource).join('')}];\n`,
    constants(model),
    ...(encoding ? tableSources(encoding) : []),
    predictSource(model),
  ];
  return new TextEncoder().encode(parts.join('\n'));
}

/** How a row becomes features. */
function tableSources({ rules = 1, columns, decimal }: TableEncoding): string[] {
  const constants = `const columns = ${literal(columns)};\n`;
  if (rules === 1) return [constants, FEATURES];
  const hasDates = columns.some(({ date }) => date !== undefined);
  return [`${constants}const comma = ${decimal === ','};\n`, featuresSource(hasDates)];
}

const functionOf = ({ activation }: ExportLayer): FunctionName =>
  activation === null ? 'none' : ACTIVATIONS[activation];

// Nothing that a data set names may stand in here: it could end the comment.
function heading(model: Exportable): string {
  const widths = [model.features, ...model.layers.map(({ outWidth }) => outWidth)];
  const argument = model.preprocess === 'none' ? 'numbers' : 'pixels';
  const call = model.encoding ? 'predict(features(row))' : `predict(${argument})`;
  return `\
/**
 * A neural network (${widths.join(', ')}) in one file, exported by Bitgrad.
 *
 *     import { predict } from './model.js';
 *     const result = ${call};
 *
 * Takes ${describeInput(model)}.
 * Gives ${describeOutput(model)}, in a ${model.isRegression && offsetsOf(model.encoding?.targets) ? 'Float64Array' : 'Float32Array'}.
 */
`;
}

function layerSource(layer: ExportLayer): string {
  return `\
  {
    outputs: ${layer.outWidth},
    activation: ${functionOf(layer)},
    weight: decode('${base64(layer.weight)}'),
    bias: decode('${base64(layer.bias)}'),
  },
`;
}

function constants({ classNames, receipt, standardization, targets }: Exportable): string {
  const measured = [
    ['mean', standardization?.mean],
    ['deviation', standardization?.deviation],
    ['outputMean', targets?.mean],
    ['outputDeviation', targets?.deviation],
  ] as const;
  const scales = measured.map(([name, values]) =>
    values === undefined ? '' : `const ${name} = decode('${base64(values)}');\n`,
  );
  return `\
${scales.join('')}/**
 * The classes' names in the order of the probabilities, or null where there are none.
 *
 * @type {readonly string[] | null}
 */
export const classNames = ${literal(classNames)};

/** How the network was trained, or null where that is not known. */
export const receipt = ${literal(receipt)};
`;
}

function predictSource(model: Exportable): string {
  const { preprocess, standardization, features, isRegression, targets } = model;
  const values = {
    binarize: '(value) => (value > 0 ? 1 : 0)',
    scale: '(value) => value / 255',
    none: standardization
      ? '(value, i) => fround(fround(value) - mean[i]) / deviation[i]'
      : '(value) => value',
  }[preprocess];
  const scaled = 'values.map((value, i) => fround(value * outputDeviation[i]) + outputMean[i])';
  const numbers = targets ? scaled : 'values';
  const offsets = offsetsOf(model.encoding?.targets);
  const moved = `Float64Array.from(${numbers}, (value, i) => value + ${literal(offsets)}[i])`;
  const result = isRegression ? (offsets ? moved : numbers) : 'softmax(values)';
  return `\
/**
 * See above.
 *
 * @param {ArrayLike<number>} input
 * @returns {${offsets ? 'Float64Array' : 'Float32Array'}}
 */
export function predict(input) {
  if (input.length !== ${features}) {
    throw new RangeError('expected ${features} numbers, received ' + input.length);
  }
  let values = Float32Array.from(input, ${values});
  for (const layer of layers) values = dense(values, layer);
  return ${result};
}
`;
}

/** A value as source text that can stand in a module, and in a page's script too. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function base64(values: Float32Array): string {
  const bytes = littleEndianBytes(values);
  let binary = '';
  // In pieces, because a call takes only so many arguments.
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(binary);
}
