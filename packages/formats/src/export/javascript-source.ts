/**
 * The source text that exported modules are made of. It does the operations of the contract in their
 * order, so that results equal those of the backends to the last bit. (The same algorithms are in
 * @bitgrad/core; a file without dependencies has to bring its own.)
 */

/** Reads weights. */
export const READER = `\
const { fround } = Math;

/** The binary32 numbers whose bytes, the low one first, are given in base64. */
function decode(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const numbers = new Float32Array(bytes.length / 4);
  for (let i = 0; i < numbers.length; i += 1) numbers[i] = view.getFloat32(4 * i, true);
  return numbers;
}
`;

const DENSE = `\
/** input * weight + bias: every sum runs in the order of the inputs, in binary32. */
function dense(input, { outputs, weight, bias }) {
  const output = new Float32Array(outputs);
  for (let i = 0; i < input.length; i += 1) {
    const value = input[i];
    if (value === 0) continue;
    const row = i * outputs;
    for (let j = 0; j < outputs; j += 1) output[j] += fround(value * weight[row + j]);
  }
  return addBias(output, bias);
}
`;

const ADD_BIAS = `\
/** Adds a bias to each group of sums, if there is one. */
function addBias(output, bias) {
  if (!bias) return output;
  return output.map((sum, at) => fround(sum + bias[at % bias.length]));
}
`;

const WINDOWS = `\
/** Calls visit for every place inside the image of every window, windows and places row by row. */
function windows(layer, visit) {
  const { height, width, outHeight, outWidth } = layer;
  for (let y = 0; y < outHeight; y += 1) {
    for (let x = 0; x < outWidth; x += 1) {
      const top = y * layer.strideVertical - layer.paddingTop;
      const left = x * layer.strideHorizontal - layer.paddingLeft;
      for (let i = 0; i < layer.kernelHeight; i += 1) {
        for (let j = 0; j < layer.kernelWidth; j += 1) {
          const isInside = top + i >= 0 && top + i < height && left + j >= 0 && left + j < width;
          if (isInside) visit(y * outWidth + x, (top + i) * width + left + j, i, j);
        }
      }
    }
  }
}
`;

const CONV2D = `\
/** A convolution of images [height, width, channels] with weights [i, j, channels, filters]. */
function conv2d(input, layer) {
  const { channels, filters, kernelWidth, outHeight, outWidth, weight, bias } = layer;
  const output = new Float32Array(outHeight * outWidth * filters);
  windows(layer, (place, pixel, i, j) => {
    for (let c = 0; c < channels; c += 1) {
      const value = input[pixel * channels + c];
      if (value === 0) continue;
      const row = ((i * kernelWidth + j) * channels + c) * filters;
      for (let o = 0; o < filters; o += 1) {
        output[place * filters + o] += fround(value * weight[row + o]);
      }
    }
  });
  return addBias(output, bias);
}
`;

const MAX_POOL = `\
/** The greatest value of each window. */
function maxPool2d(input, layer) {
  const { channels, outHeight, outWidth } = layer;
  const output = new Float32Array(outHeight * outWidth * channels).fill(NaN);
  windows(layer, (place, pixel) => {
    for (let c = 0; c < channels; c += 1) {
      const value = input[pixel * channels + c];
      if (!(value <= output[place * channels + c])) output[place * channels + c] = value;
    }
  });
  return output;
}
`;

const AVERAGE_POOL = `\
/** The mean of each window's values inside the image. */
function averagePool2d(input, layer) {
  const { channels, outHeight, outWidth } = layer;
  const output = new Float32Array(outHeight * outWidth * channels);
  const counts = new Float32Array(outHeight * outWidth);
  windows(layer, (place, pixel) => {
    counts[place] += 1;
    for (let c = 0; c < channels; c += 1) output[place * channels + c] += input[pixel * channels + c];
  });
  return output.map((sum, at) => sum / counts[Math.floor(at / channels)]);
}
`;

const BATCH_NORM = `\
/** Normalises each channel by running statistics. */
function batchNorm(input, { scale, shift, mean, variance, epsilon }) {
  const deviations = variance.map((value) => 1 / Math.sqrt(value + epsilon));
  return input.map((value, at) => {
    const c = at % scale.length;
    const normalized = fround(fround(value - mean[c]) * deviations[c]);
    return fround(fround(normalized * scale[c]) + shift[c]);
  });
}
`;

const ACTIVATE = `\
/** A function of each number. */
function activate(input, { activation }) {
  return input.map((value) => activation(value));
}
`;

/** What exp and tanh share. */
const EXPONENTIAL = `\
/** The integer nearest to x / ln 2: adding and subtracting 1.5 * 2^52 rounds. */
function nearestPower(x) {
  return x * 1.4426950408889634 + 6755399441055744 - 6755399441055744;
}

/** 2^n, made from its bits. */
function powerOfTwo(n) {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, (n + 1023) << 20);
  return view.getFloat64(0);
}

/** e^(x - n ln 2) - 1, by a polynomial. */
function remainder(x, n) {
  const r = x - n * 0.6931471805598903 - n * 5.497923018708371e-14;
  const r2 = r * r;
  const r4 = r2 * r2;
  const low = 0.5 + r * 0.16666666666666685 + r2 * (0.041666666666602896 + r * 0.008333333333313988);
  const high =
    0.0013888888927222262 +
    r * 0.0001984126990477242 +
    r2 * (2.4801508156661086e-5 + r * 2.7557226204504805e-6);
  const top = 2.762539149450866e-7 + r * 2.5115055891695166e-8;
  return r + r2 * (low + r4 * (high + r4 * top));
}
`;

const EXP = `\
/** e^x, correctly rounded to binary32 in every engine (Math.exp differs between them). */
function exp(x) {
  const clamped = Math.min(Math.max(x, -104), 89);
  const n = nearestPower(clamped);
  return fround(powerOfTwo(n) * (1 + remainder(clamped, n)));
}
`;

const SOFTMAX = `\
/** Turns the last layer's sums into probabilities. */
function softmax(sums) {
  const largest = sums.reduce((most, value) => (value > most ? value : most));
  const powers = sums.map((value) => exp(fround(value - largest)));
  const total = powers.reduce((sum, value) => fround(sum + value), 0);
  return powers.map((value) => value / total);
}
`;

const TANH = `\
/** tanh(x), correctly rounded to binary32. */
function tanh(x) {
  const doubled = 2 * Math.min(Math.abs(x), 10);
  const n = nearestPower(doubled);
  const power = powerOfTwo(n);
  const t = power - 1 + power * remainder(doubled, n);
  const y = fround(t / (t + 2));
  return x > 0 ? y : x < 0 ? -y : x;
}
`;

const FUNCTIONS = {
  addBias: ADD_BIAS,
  dense: DENSE,
  windows: WINDOWS,
  conv2d: CONV2D,
  maxPool2d: MAX_POOL,
  averagePool2d: AVERAGE_POOL,
  batchNorm: BATCH_NORM,
  activate: ACTIVATE,
  relu: 'const relu = (x) => (x <= 0 ? 0 : x);\n',
  sigmoid: 'const sigmoid = (x) => fround(1 / fround(1 + exp(-x)));\n',
  tanh: TANH,
  leakyRelu: 'const leakyRelu = (x) => (x > 0 ? x : fround(x * fround(0.01)));\n',
  elu: 'const elu = (x) => (x > 0 ? x : fround(exp(x) - 1));\n',
  softmax: SOFTMAX,
};

/** A function that an exported module may need. */
export type FunctionName = keyof typeof FUNCTIONS;

/** The source of the named functions and of what they call, each once, in one fixed order. */
export function functionSources(names: ReadonlySet<FunctionName>): string[] {
  const needsExp = names.has('sigmoid') || names.has('elu') || names.has('softmax');
  const chosen = (Object.keys(FUNCTIONS) as FunctionName[]).filter((name) => names.has(name));
  return [
    ...(needsExp || names.has('tanh') ? [EXPONENTIAL] : []),
    ...(needsExp ? [EXP] : []),
    ...chosen.map((name) => FUNCTIONS[name]),
  ];
}

/** How a table's row becomes features; needs a constant `columns`. */
export const FEATURES = `\
/**
 * The features of one row, an object with a member for each column: { name: value }.
 * A category is one feature for each that the column has: 1 for the row's own, else 0.
 *
 * @param {Readonly<Record<string, unknown>>} row
 * @returns {number[]}
 */
export function features(row) {
  return columns.flatMap(({ name, categories }) => {
    if (categories === null) {
      const number = Number(row[name] ?? Number.NaN);
      if (row[name] === '' || !Number.isFinite(number)) {
        throw new TypeError(name + ': expected a number, received ' + row[name]);
      }
      return [number];
    }
    if (!categories.includes(String(row[name]))) {
      throw new TypeError(name + ': expected one of ' + categories.join(', ') + ', received ' + row[name]);
    }
    return categories.map((category) => (category === String(row[name]) ? 1 : 0));
  });
}
`;
