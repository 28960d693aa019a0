import {
  type ActivationName,
  featureNames,
  Predictor,
  resolve,
  typescriptBackend,
} from '@bitgrad/core';
import { checkCount } from './bytes.js';
import { type CFunction, cFunctions, DENSE, DENSE_INT8, RULES } from './c-source.js';
import { type DenseLayer, denseLayersOf } from './dense-layers.js';
import { describeInput, describeOutput } from './descriptions.js';
import { type Exportable, type ModelToExport, makeExportable, offsetsOf } from './exportable.js';
import { hexFloat } from './hex-float.js';
import { quantizedModel, quantizeWeight } from './quantize.js';

/** What fits into the file of a program for a small machine, and a compiler's patience. */
const MOST_PARAMETERS = 2_000_000;

/** How weights are stored. */
export type Quantization = 'none' | 'int8';

/**
 * Writes one C99 file that needs no library and no memory but the stack: `bitgrad_predict`, whose
 * results equal the backends' to the last bit, the names of features and classes, and
 * `bitgrad_self_test`, which tells whether the compiler kept the rules. With `int8`, weights are bytes:
 * the bits are then those of `quantizedModel(model)`.
 *
 * @throws BitgradError if the model's parts do not fit each other, or it is too large
 */
export function exportC(given: ModelToExport, quantization: Quantization = 'none'): Uint8Array {
  const isQuantized = quantization === 'int8';
  const model = makeExportable(given);
  const layers = denseLayersOf(model, 'c');
  checkCount('c', model.parameterCount, MOST_PARAMETERS);
  const functions = new Set<CFunction>(layers.map(({ activation }) => activation ?? 'none'));
  if (model.outputFunction !== 'none') functions.add(model.outputFunction);
  const parts = [
    heading(model, layers, isQuantized),
    RULES,
    ...cFunctions(functions),
    isQuantized ? DENSE_INT8 : DENSE,
    ...layers.map((layer, index) => layerConstants(layer, index, isQuantized)),
    scales(model),
    names(model),
    predictSource(model, layers, isQuantized),
    selfTest(model, isQuantized ? quantizedModel(given) : given),
  ];
  return new TextEncoder().encode(parts.filter((part) => part !== '').join('\n'));
}

const identifierOf = (activation: ActivationName | null): string =>
  `bitgrad_${(activation ?? 'none').replace('-', '_')}`;

const inputType = ({ preprocess }: Exportable): string =>
  preprocess === 'none' ? 'float' : 'uint8_t';

const outputType = (model: Exportable): string => (offsetsIn(model) ? 'double' : 'float');

function offsetsIn({ isRegression, encoding }: Exportable): readonly number[] | null {
  return isRegression ? offsetsOf(encoding?.targets) : null;
}

const widestOf = ({ features }: Exportable, layers: readonly DenseLayer[]): number =>
  Math.max(features, ...layers.map(({ outWidth }) => outWidth));

// Nothing that a data set names may stand in here: it could end the comment.
function heading(model: Exportable, layers: readonly DenseLayer[], isQuantized: boolean): string {
  const widths = [model.features, ...layers.map(({ outWidth }) => outWidth)];
  return `\
/*
 * A neural network (${widths.join(', ')}) in one file, exported by Bitgrad. C99, and C++ from C++17.
 *
 *     ${outputType(model)} output[${model.outputs}];
 *     bitgrad_predict(input, output);   (input: const ${inputType(model)}[${model.features}])
 *
 * Takes ${describeInput(model)}.
 * Gives ${describeOutput(model)}.${isQuantized ? '\n * Weights are bytes, a scale for each output.' : ''}
 *
 * Compile with -ffp-contract=off: a product and a sum must not become one operation. Then results
 * have the bits of Bitgrad's own backends, on any machine; bitgrad_self_test() returns 0 if they do.
 * It needs no library, allocates nothing, and takes about ${8 * widestOf(model, layers)} bytes of stack.
 */
`;
}

function layerConstants(layer: DenseLayer, index: number, isQuantized: boolean): string {
  const { weight, bias, outWidth } = layer;
  const biases = floats(`bitgrad_bias_${index}`, bias);
  if (!isQuantized) return floats(`bitgrad_weight_${index}`, weight) + biases;
  const { values, scales: columns } = quantizeWeight(weight, outWidth);
  const bytes = `static const int8_t bitgrad_weight_${index}[${values.length}] = {\n${lines(Array.from(values, String))}};\n`;
  return bytes + floats(`bitgrad_scale_${index}`, columns) + biases;
}

function scales({ standardization, targets }: Exportable): string {
  const arrays = [
    ['bitgrad_mean', standardization?.mean],
    ['bitgrad_deviation', standardization?.deviation],
    ['bitgrad_output_mean', targets?.mean],
    ['bitgrad_output_deviation', targets?.deviation],
  ] as const;
  return arrays.map(([name, values]) => (values ? floats(name, values) : '')).join('');
}

function names({ classNames, encoding, outputs, features }: Exportable): string {
  const lists = [
    classNames &&
      `/* The classes' names in the order of the probabilities. */\nconst char *const bitgrad_class_names[${outputs}] = {\n${lines(classNames.map(text))}};\n`,
    encoding &&
      `/* What each number of the input is. */\nconst char *const bitgrad_feature_names[${features}] = {\n${lines(featureNames(encoding).map(text))}};\n`,
  ];
  return lists.filter((list) => list !== null).join('\n');
}

function predictSource(
  model: Exportable,
  layers: readonly DenseLayer[],
  isQuantized: boolean,
): string {
  const { features, outputs, outputFunction, targets, preprocess, standardization } = model;
  const value = {
    binarize: 'input[i] > 0 ? 1.0f : 0.0f',
    scale: '(float)input[i] / 255.0f',
    none: standardization ? '(input[i] - bitgrad_mean[i]) / bitgrad_deviation[i]' : 'input[i]',
  }[preprocess];
  const calls = layers.map(({ inWidth, outWidth, activation }, index) => {
    const [from, to] = index % 2 === 0 ? ['a', 'b'] : ['b', 'a'];
    const scale = isQuantized ? ` bitgrad_scale_${index},` : '';
    return `  bitgrad_dense(${from}, ${inWidth}, ${to}, ${outWidth}, bitgrad_weight_${index},${scale} bitgrad_bias_${index}, ${identifierOf(activation)});\n`;
  });
  const last = layers.length % 2 === 0 ? 'a' : 'b';
  const widest = widestOf(model, layers);
  const offsets = offsetsIn(model);
  const offset = offsets ? ` + bitgrad_offset[i]` : '';
  const result =
    outputFunction === 'sigmoid' ? `bitgrad_sigmoid(${last}[i])` : `${last}[i]${offset}`;
  const scaled = targets
    ? `  for (i = 0; i < ${outputs}; i += 1) {\n    const float product = ${last}[i] * bitgrad_output_deviation[i];\n    ${last}[i] = product + bitgrad_output_mean[i];\n  }\n`
    : '';
  return `\
${offsets ? `static const double bitgrad_offset[${outputs}] = { ${offsets.map((one) => String(one)).join(', ')} };\n\n` : ''}void bitgrad_predict(const ${inputType(model)} *input, ${outputType(model)} *output);
int bitgrad_self_test(void);

/* See above. */
void bitgrad_predict(const ${inputType(model)} *input, ${outputType(model)} *output) {
  float a[${widest}], b[${widest}];
  int i;
  for (i = 0; i < ${features}; i += 1) a[i] = ${value};
${calls.join('')}${scaled}${outputFunction === 'softmax' ? `  bitgrad_softmax(${last}, ${outputs});\n` : ''}  for (i = 0; i < ${outputs}; i += 1) output[i] = ${result};
}
`;
}

/** Samples whose outputs are known, and a product and a sum that one operation would round otherwise. */
function selfTest(model: Exportable, given: ModelToExport): string {
  const { features, outputs } = resolve(given.recipe);
  const isTable = model.preprocess === 'none';
  const sample = isTable
    ? Float32Array.from({ length: features }, (_, at) => ((at * 37) % 17) / 4 - 2)
    : Uint8Array.from({ length: features }, (_, at) => (at * 37) % 256);
  const predictor = new Predictor(given, typescriptBackend());
  const expected = predictor.predict(sample);
  predictor.close();
  const offsets = offsetsIn(model);
  const values = Array.from(expected, (value, at) =>
    offsets ? String(value + offsets[at]!) : hexFloat(value),
  );
  const type = outputType(model);
  return `\
/* 0 if this machine and compiler give Bitgrad's bits; 1 if they join products and sums; 2 if results differ. */
int bitgrad_self_test(void) {
  static const ${inputType(model)} input[${features}] = {
${lines(Array.from(sample, (value) => (isTable ? hexFloat(value) : String(value))))}  };
  static const ${type} expected[${outputs}] = {
${lines(values)}  };
  volatile float one = 0x1.000002p0f;
  volatile float minus = -0x1.000004p0f;
  ${type} output[${outputs}];
  const float product = one * one;
  int i;
  if (product + minus != 0.0f) return 1;
  bitgrad_predict(input, output);
  for (i = 0; i < ${outputs}; i += 1) if (output[i] != expected[i]) return 2;
  return 0;
}
`;
}

function floats(name: string, values: Float32Array): string {
  return `static const float ${name}[${values.length}] = {\n${lines(Array.from(values, hexFloat))}};\n`;
}

/** Eight elements a line. */
function lines(elements: readonly string[]): string {
  let source = '';
  for (let at = 0; at < elements.length; at += 8) {
    source += `  ${elements.slice(at, at + 8).join(', ')},\n`;
  }
  return source;
}

/** A text as C's constant: what is not plain ASCII stands as octal bytes of UTF-8, which end by themselves. */
function text(value: string): string {
  const bytes = new TextEncoder().encode(value);
  const characters = Array.from(bytes, (byte) =>
    byte >= 32 && byte < 127 && byte !== 34 && byte !== 92 && byte !== 63
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  );
  return `"${characters.join('')}"`;
}
