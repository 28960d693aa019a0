import type { ActivationName } from '@bitgrad/core';
import { checkCount } from './bytes.js';
import { shortestDecimal } from './decimal.js';
import { describeInput, describeOutput } from './descriptions.js';
import type { Exportable, ExportNode } from './exportable.js';

/** Keeps the text below the longest string that engines make. */
const MOST_PARAMETERS = 30_000_000;

/**
 * Writes JSON for people and programs: a row of weights a line, every number the shortest decimal
 * that rounds to its binary32 value.
 */
export function exportJson(model: Exportable): Uint8Array {
  const { nodes, features, outputs, preprocess, standardization, targets, encoding } = model;
  checkCount('json', model.parameterCount, MOST_PARAMETERS);
  const isPlain = nodes.every(isOfPlainNetwork);
  const layers = isPlain ? denseLayers(nodes).map(describeDense) : nodes.map(describeLayer);
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
    function: JSON.stringify(model.outputFunction),
    mean: targets ? list(targets.mean) : 'null',
    deviation: targets ? list(targets.deviation) : 'null',
    classNames: JSON.stringify(model.classNames),
  });
  const text = object(1, {
    format: '"bitgrad"',
    version: isPlain ? '1' : '2',
    input,
    layers: `[\n${layers.map((layer) => `    ${layer}`).join(',\n')}\n  ]`,
    output,
    receipt: JSON.stringify(model.receipt),
  });
  return new TextEncoder().encode(`${text}\n`);
}

/** Of networks of plain dense layers, which version 1 describes. */
function isOfPlainNetwork({ spec, values }: ExportNode, at: number): boolean {
  return spec.type === 'dense' ? values.bias !== undefined : spec.type === 'activation' && at > 0;
}

interface DenseLayer {
  readonly node: ExportNode;
  readonly activation: ActivationName | null;
}

/** The dense layers, each with the activation that follows it. */
function denseLayers(nodes: readonly ExportNode[]): DenseLayer[] {
  return nodes.flatMap((node, at) => {
    const next = nodes[at + 1]?.spec;
    const activation = next?.type === 'activation' ? next.name : null;
    return node.spec.type === 'dense' ? [{ node, activation }] : [];
  });
}

/** A dense layer; its weights are `[in][out]`. */
function describeDense({ node: { parameters, values }, activation }: DenseLayer): string {
  const [inWidth, outWidth] = parameters[0]!.shape as [number, number];
  const rows = Array.from(
    { length: inWidth },
    (_, row) => `        ${list(values.weight!.subarray(row * outWidth, (row + 1) * outWidth))}`,
  );
  return object(3, {
    inputs: String(inWidth),
    outputs: String(outWidth),
    activation: JSON.stringify(activation),
    weight: `[\n${rows.join(',\n')}\n      ]`,
    bias: list(values.bias!),
  });
}

/** A layer of any kind: its description, its shapes, and its parameters, flat and with their shapes. */
function describeLayer({ spec, inputShape, outputShape, parameters, values }: ExportNode): string {
  const own = Object.entries(spec).map(([name, value]) => [name, JSON.stringify(value)]);
  const numbers = parameters.map(({ role, shape }) => [
    role,
    `{"shape": ${JSON.stringify(shape)}, "values": ${list(values[role]!)}}`,
  ]);
  return object(3, {
    ...Object.fromEntries(own),
    inputShape: JSON.stringify(inputShape),
    outputShape: JSON.stringify(outputShape),
    ...Object.fromEntries(numbers),
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
