import type { TableEncoding } from '@bitgrad/core';
import { base64, checkCount } from './bytes.js';
import { describeInput, describeOutput, describeShapes } from './descriptions.js';
import { byKind, type Exportable, offsetsOf } from './exportable.js';
import { featuresSource } from './javascript-features.js';
import { LAYERS } from './javascript-layers.js';
import { FEATURES, functionSources, READER } from './javascript-source.js';

/** Keeps the text well below the longest string that engines make. */
const MOST_PARAMETERS = 30_000_000;

/**
 * Writes one ECMAScript module that needs nothing else and runs in browsers, workers and Node. It
 * exports `predict`, whose results equal the backends' to the last bit, `classNames`, and for a table
 * whose encoding is known `features`, which turns a row into numbers.
 */
export function exportJavascript(model: Exportable): Uint8Array {
  const { nodes, encoding } = model;
  checkCount('js', model.parameterCount, MOST_PARAMETERS);
  const layers = nodes.flatMap((node) => byKind(LAYERS, node) ?? []);
  const functions = new Set(layers.flatMap((layer) => layer.functions));
  if (model.outputFunction !== 'none') functions.add(model.outputFunction);
  const parts = [
    heading(model),
    READER,
    ...functionSources(functions),
    `const layers = [\n${layers.map(({ source }) => source).join('')}];\n`,
    constants(model),
    ...(encoding ? tableSources(encoding) : []),
    predictSource(model),
  ];
  return new TextEncoder().encode(parts.join('\n'));
}

/** How a row becomes features. */
function tableSources({ rules = 1, columns, decimal, dates }: TableEncoding): string[] {
  const constants = `const columns = ${literal(columns)};\n`;
  if (rules === 1) return [constants, FEATURES];
  const hasDates = columns.some(({ date }) => date !== undefined);
  const order = hasDates ? `const dateOrder = ${literal(dates ?? null)};\n` : '';
  const isNested = columns.some(({ name }) => name.includes('.'));
  const source = featuresSource(hasDates, isNested);
  return [`${constants}const comma = ${decimal === ','};\n${order}`, source];
}

// Nothing that a data set names may stand in here: it could end the comment.
function heading(model: Exportable): string {
  const argument = model.preprocess === 'none' ? 'numbers' : 'pixels';
  const call = model.encoding ? 'predict(features(row))' : `predict(${argument})`;
  return `\
/**
 * A neural network (${describeShapes(model)}) in one file, exported by Bitgrad.
 *
 *     import { predict } from './model.js';
 *     const result = ${call};
 *
 * Takes ${describeInput(model)}.
 * Gives ${describeOutput(model)}, in a ${model.isRegression && offsetsOf(model.encoding?.targets) ? 'Float64Array' : 'Float32Array'}.
 */
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
  const { preprocess, standardization, features, outputFunction, targets } = model;
  const values = {
    binarize: '(value) => (value > 0 ? 1 : 0)',
    scale: '(value) => value / 255',
    none: standardization
      ? '(value, i) => fround(fround(value) - mean[i]) / deviation[i]'
      : '(value) => value',
  }[preprocess];
  const scaled = 'values.map((value, i) => fround(value * outputDeviation[i]) + outputMean[i])';
  const numbers = targets ? scaled : 'values';
  const offsets = model.isRegression ? offsetsOf(model.encoding?.targets) : null;
  const moved = `Float64Array.from(${numbers}, (value, i) => value + ${literal(offsets)}[i])`;
  const result = {
    none: offsets ? moved : numbers,
    softmax: 'softmax(values)',
    sigmoid: 'values.map(sigmoid)',
  }[outputFunction];
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
  for (const layer of layers) values = layer.apply(values, layer);
  return ${result};
}
`;
}

/** A value as source text that can stand in a module, and in a page's script too. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
