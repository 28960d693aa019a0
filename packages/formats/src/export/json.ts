import { checkCount } from './bytes.js';
import { shortestDecimal } from './decimal.js';
import { describeInput, describeOutput } from './descriptions.js';
import type { Exportable, ExportLayer } from './exportable.js';

/** Keeps the text below the longest string that engines make. */
const MOST_PARAMETERS = 30_000_000;

/**
 * Writes JSON for people and programs: a row of weights a line, every number the shortest decimal
 * that rounds to its binary32 value.
 */
export function exportJson(model: Exportable): Uint8Array {
  const { layers, features, outputs, preprocess, standardization, targets, encoding } = model;
  checkCount(
    'json',
    layers.reduce((sum, { weight, bias }) => sum + weight.length + bias.length, 0),
    MOST_PARAMETERS,
  );
  const input = object(2, {
    description: JSON.stringify(describeInput(model)),
    features: String(features),
    preprocess: JSON.stringify(preprocess),
    mean: standardization ? list(standardization.mean) : 'null',
    deviation: standardization ? list(standardization.deviation) : 'null',
    encoding: JSON.stringify(encoding),
  });
  const output = object(2, {
    description: JSON.stringify(describeOutput(model)),
    outputs: String(outputs),
    function: model.isRegression ? '"none"' : '"softmax"',
    mean: targets ? list(targets.mean) : 'null',
    deviation: targets ? list(targets.deviation) : 'null',
    classNames: JSON.stringify(model.classNames),
  });
  const text = object(1, {
    format: '"bitgrad"',
    version: '1',
    input,
    layers: `[\n${layers.map((layer) => `    ${describeLayer(layer)}`).join(',\n')}\n  ]`,
    output,
    receipt: JSON.stringify(model.receipt),
  });
  return new TextEncoder().encode(`${text}\n`);
}

/** A layer; its weights are `[in][out]`. */
function describeLayer({ inWidth, outWidth, weight, bias, activation }: ExportLayer): string {
  const rows = Array.from(
    { length: inWidth },
    (_, row) => `        ${list(weight.subarray(row * outWidth, (row + 1) * outWidth))}`,
  );
  return object(3, {
    inputs: String(inWidth),
    outputs: String(outWidth),
    activation: JSON.stringify(activation),
    weight: `[\n${rows.join(',\n')}\n      ]`,
    bias: list(bias),
  });
}

function list(values: Float32Array): string {
  return `[${Array.from(values, shortestDecimal).join(', ')}]`;
}

/** An object whose members' values are JSON already. */
function object(depth: number, members: Readonly<Record<string, string>>): string {
  const indent = '  '.repeat(depth);
  const lines = Object.entries(members).map(([name, json]) => `${indent}"${name}": ${json}`);
  return `{\n${lines.join(',\n')}\n${indent.slice(2)}}`;
}
