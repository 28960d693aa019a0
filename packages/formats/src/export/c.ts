import {
  featureNames,
  Predictor,
  resolve,
  type TableEncoding,
  typescriptBackend,
} from '@bitgrad/core';
import { checkCount } from './bytes.js';
import { C_LAYERS, type CLayer } from './c-layers.js';
import { type CFunction, cFunctions, RULES } from './c-source.js';
import { floats, lines, text } from './c-text.js';
import { describeInput, describeOutput, describeShapes } from './descriptions.js';
import {
  byKind,
  type Exportable,
  type ModelToExport,
  makeExportable,
  offsetsOf,
  perFeature,
} from './exportable.js';
import { hexFloat } from './hex-float.js';
import { quantizedModel } from './quantize.js';

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
  checkCount('c', model.parameterCount, MOST_PARAMETERS);
  const layers = model.nodes.flatMap(
    (node, index) => byKind(C_LAYERS, node, index, isQuantized) ?? [],
  );
  const buffers = buffersOf(model, layers);
  const functions = new Set<CFunction>(layers.flatMap((layer) => layer.functions));
  if (model.outputFunction !== 'none') functions.add(model.outputFunction);
  const parts = [
    heading(model, buffers, isQuantized),
    RULES,
    ...cFunctions(functions, isQuantized),
    ...layers.map(({ constants }) => constants),
    scales(model),
    names(model),
    predictSource(model, layers, buffers),
    selfTest(model, isQuantized ? quantizedModel(given) : given),
  ];
  return new TextEncoder().encode(parts.filter((part) => part !== '').join('\n'));
}

const inputType = ({ preprocess }: Exportable): string =>
  preprocess === 'none' ? 'float' : 'uint8_t';

const outputType = (model: Exportable): string => (offsetsIn(model) ? 'double' : 'float');

function offsetsIn({ isRegression, encoding }: Exportable): readonly number[] | null {
  return isRegression ? offsetsOf(encoding?.targets) : null;
}

/** Two buffers, one for what a layer takes and one for what it gives, and their sizes in floats. */
interface Buffers {
  readonly a: number;
  readonly b: number;
}

function buffersOf({ features }: Exportable, layers: readonly CLayer[]): Buffers {
  const sizes = { a: features, b: 1 };
  let last: keyof Buffers = 'a';
  for (const { isInPlace, size } of layers) {
    if (!isInPlace) last = other(last);
    sizes[last] = Math.max(sizes[last], size);
  }
  return sizes;
}

const other = (buffer: keyof Buffers): keyof Buffers => (buffer === 'a' ? 'b' : 'a');

// Nothing that a data set names may stand in here: it could end the comment.
function heading(model: Exportable, { a, b }: Buffers, isQuantized: boolean): string {
  return `\
/*
 * A neural network (${describeShapes(model).replaceAll('×', 'x')}) in one file, exported by Bitgrad. C99, and C++ from C++17.
 *
 *     ${outputType(model)} output[${model.outputs}];
 *     bitgrad_predict(input, output);   (input: const ${inputType(model)}[${model.features}])
 *
 * Takes ${describeInput(model)}.${tableHint(model)}
 * Gives ${describeOutput(model)}.${isQuantized ? '\n * Weights are bytes, a scale for each output.' : ''}
 *
 * Compile with -ffp-contract=off: a product and a sum must not become one operation. Then results
 * have the bits of Bitgrad's own backends, on any machine; bitgrad_self_test() returns 0 if they do.
 * It needs no library, allocates nothing, and takes about ${4 * (a + b)} bytes of stack; with
 * -DBITGRAD_BUFFERS=static they are no stack, and only one call may run at a time.
 */
`;
}

/** What a caller has to know of a table's numbers. */
function tableHint({ encoding }: Exportable): string {
  if (encoding === null) return '';
  const missing = hasMedians(encoding) ? ' A missing number is NAN.' : '';
  const offsets = offsetsOf(encoding.columns)
    ? '\n * From each, bitgrad_feature_offsets is subtracted first, in double, by the caller.'
    : '';
  return `\n * bitgrad_feature_names says what each is; a category is 1 for the row's own, else 0.${missing}${offsets}`;
}

const hasMedians = ({ rules = 1 }: TableEncoding): boolean => rules > 1;

function scales({ standardization, targets, encoding }: Exportable): string {
  const medians = encoding && hasMedians(encoding) && perFeature(encoding, ({ median }) => median);
  const arrays = [
    ['bitgrad_median', medians ? Float32Array.from(medians) : null],
    ['bitgrad_mean', standardization?.mean],
    ['bitgrad_deviation', standardization?.deviation],
    ['bitgrad_output_mean', targets?.mean],
    ['bitgrad_output_deviation', targets?.deviation],
  ] as const;
  return arrays.map(([name, values]) => (values ? floats(name, values) : '')).join('');
}

function names({ classNames, encoding, outputs, features }: Exportable): string {
  const offsets =
    encoding && offsetsOf(encoding.columns) && perFeature(encoding, ({ offset }) => offset);
  const lists = [
    classNames &&
      `/* The classes' names in the order of the probabilities. */\nconst char *const bitgrad_class_names[${outputs}] = {\n${lines(classNames.map(text))}};\n`,
    encoding &&
      `/* What each number of the input is. */\nconst char *const bitgrad_feature_names[${features}] = {\n${lines(featureNames(encoding).map(text))}};\n`,
    offsets &&
      `/* What is subtracted from each, in double, before it is a float of the input. */\nconst double bitgrad_feature_offsets[${features}] = {\n${lines(offsets.map(String))}};\n`,
  ];
  return lists.filter((list) => list).join('\n');
}

function predictSource(model: Exportable, layers: readonly CLayer[], buffers: Buffers): string {
  const { features, outputs, outputFunction, targets, preprocess, standardization, encoding } =
    model;
  // A missing number is not equal to itself.
  const whole =
    encoding && hasMedians(encoding)
      ? '(input[i] != input[i] ? bitgrad_median[i] : input[i])'
      : 'input[i]';
  const value = {
    binarize: 'input[i] > 0 ? 1.0f : 0.0f',
    scale: '(float)input[i] / 255.0f',
    none: standardization ? `(${whole} - bitgrad_mean[i]) / bitgrad_deviation[i]` : whole,
  }[preprocess];
  let last: keyof Buffers = 'a';
  const calls = layers.map(({ isInPlace, call }) => {
    const from = last;
    if (!isInPlace) last = other(from);
    return `  ${call(from, last)}\n`;
  });
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

#ifndef BITGRAD_BUFFERS
#define BITGRAD_BUFFERS
#endif

/* See above. */
void bitgrad_predict(const ${inputType(model)} *input, ${outputType(model)} *output) {
  BITGRAD_BUFFERS float a[${buffers.a}], b[${buffers.b}];
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
