/**
 * The source text that exported C files are made of. It does the operations of the contract in their
 * order, so that results equal those of the backends to the last bit. (The same algorithms are in
 * @bitgrad/core; a file without dependencies has to bring its own.)
 */

/** What a compiler must not do. */
export const RULES = `\
#include <float.h>
#include <stdint.h>

#if defined(__FAST_MATH__) || (defined(_MSC_VER) && defined(_M_FP_FAST))
#error "needs a compiler that rounds as IEEE 754 says: without -ffast-math, /fp:fast"
#endif
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0
#error "needs floats that are computed as floats: on 32-bit x86, -msse2 -mfpmath=sse"
#endif
#if defined(__clang__) || defined(_MSC_VER)
#pragma STDC FP_CONTRACT OFF
#endif
`;

const EXPONENTIAL = `\
/* The integer nearest to x / ln 2: adding and subtracting 1.5 * 2^52 rounds. */
static double bitgrad_nearest_power(double x) {
  volatile double moved = x * 1.4426950408889634 + 6755399441055744.0;
  return moved - 6755399441055744.0;
}

/* 2^n, made from its bits. */
static double bitgrad_power_of_two(int n) {
  union { uint64_t bits; double value; } power;
  power.bits = (uint64_t)(n + 1023) << 52;
  return power.value;
}

/* e^(x - n ln 2) - 1, by a polynomial. */
static double bitgrad_remainder(double x, double n) {
  const double r = x - n * 0.6931471805598903 - n * 5.497923018708371e-14;
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double low = 0.5 + r * 0.16666666666666685 + r2 * (0.041666666666602896 + r * 0.008333333333313988);
  const double high = 0.0013888888927222262 + r * 0.0001984126990477242 +
                      r2 * (2.4801508156661086e-5 + r * 2.7557226204504805e-6);
  const double top = 2.762539149450866e-7 + r * 2.5115055891695166e-8;
  return r + r2 * (low + r4 * (high + r4 * top));
}
`;

const EXP = `\
/* e^x, correctly rounded to binary32. */
static float bitgrad_exp(float x) {
  const double clamped = x < -104.0f ? -104.0 : x > 89.0f ? 89.0 : (double)x;
  const double n = bitgrad_nearest_power(clamped);
  return (float)(bitgrad_power_of_two((int)n) * (1.0 + bitgrad_remainder(clamped, n)));
}
`;

const TANH = `\
/* tanh(x), correctly rounded to binary32. */
static float bitgrad_tanh(float x) {
  const double size = x < 0.0f ? -(double)x : (double)x;
  const double doubled = 2.0 * (size > 10.0 ? 10.0 : size);
  const double n = bitgrad_nearest_power(doubled);
  const double power = bitgrad_power_of_two((int)n);
  const double t = power - 1.0 + power * bitgrad_remainder(doubled, n);
  const float y = (float)(t / (t + 2.0));
  return x > 0.0f ? y : x < 0.0f ? -y : x;
}
`;

const SOFTMAX = `\
/* Turns the last layer's sums into probabilities. */
static void bitgrad_softmax(float *sums, int count) {
  float largest = sums[0];
  float total = 0.0f;
  int i;
  for (i = 1; i < count; i += 1) if (sums[i] > largest) largest = sums[i];
  for (i = 0; i < count; i += 1) {
    sums[i] = bitgrad_exp(sums[i] - largest);
    total = total + sums[i];
  }
  for (i = 0; i < count; i += 1) sums[i] = sums[i] / total;
}
`;

const WINDOW = `\
/* A window that walks over an image [height][width][channels]; outside the image nothing counts. */
typedef struct {
  int height, width, channels, kernel_height, kernel_width, stride_vertical, stride_horizontal;
  int padding_top, padding_left, out_height, out_width;
} bitgrad_window;
`;

const MAX_POOL = `\
/* The greatest value of each window. */
static void bitgrad_max_pool(const float *input, float *output, const bitgrad_window *w) {
  int y, x, i, j, c;
  for (y = 0; y < w->out_height; y += 1) for (x = 0; x < w->out_width; x += 1)
    for (c = 0; c < w->channels; c += 1) {
      float best = 0.0f;
      int found = 0;
      for (i = 0; i < w->kernel_height; i += 1) for (j = 0; j < w->kernel_width; j += 1) {
        const int v = y * w->stride_vertical - w->padding_top + i;
        const int u = x * w->stride_horizontal - w->padding_left + j;
        if (v >= 0 && v < w->height && u >= 0 && u < w->width) {
          const float value = input[((long)v * w->width + u) * w->channels + c];
          if (!found || value > best) best = value;
          found = 1;
        }
      }
      output[((long)y * w->out_width + x) * w->channels + c] = best;
    }
}
`;

const AVERAGE_POOL = `\
/* The mean of each window's values inside the image. */
static void bitgrad_average_pool(const float *input, float *output, const bitgrad_window *w) {
  int y, x, i, j, c;
  for (y = 0; y < w->out_height; y += 1) for (x = 0; x < w->out_width; x += 1)
    for (c = 0; c < w->channels; c += 1) {
      float sum = 0.0f;
      int count = 0;
      for (i = 0; i < w->kernel_height; i += 1) for (j = 0; j < w->kernel_width; j += 1) {
        const int v = y * w->stride_vertical - w->padding_top + i;
        const int u = x * w->stride_horizontal - w->padding_left + j;
        if (v >= 0 && v < w->height && u >= 0 && u < w->width) {
          sum = sum + input[((long)v * w->width + u) * w->channels + c];
          count += 1;
        }
      }
      output[((long)y * w->out_width + x) * w->channels + c] = sum / (float)count;
    }
}
`;

const BATCH_NORM = `\
/* Normalises each channel by running statistics; inverse is 1 / sqrt(variance + epsilon). */
static void bitgrad_batch_norm(float *values, int count, int channels, const float *mean,
                               const float *inverse, const float *scale, const float *shift) {
  int i;
  for (i = 0; i < count; i += 1) {
    const int c = i % channels;
    const float difference = values[i] - mean[c];
    const float normalized = difference * inverse[c];
    const float scaled = normalized * scale[c];
    values[i] = scaled + shift[c];
  }
}
`;

const ACTIVATE = `\
/* A function of each number. */
static void bitgrad_activate(float *values, int count, float (*activation)(float)) {
  int i;
  for (i = 0; i < count; i += 1) values[i] = activation(values[i]);
}
`;

/** How weights are declared, and handed on: bytes come with a scale for each output. */
interface Weights {
  readonly parameters: string;
  readonly scale: string;
  readonly value: string;
}

const BINARY32: Weights = {
  parameters: 'const float *weight',
  scale: '',
  value: 'weight[j]',
};
const INT8: Weights = {
  parameters: 'const int8_t *weight, const float *scale',
  scale: ', scale',
  value: '(float)weight[j] * scale[j]',
};

const add = ({ parameters, value }: Weights): string => `\
/* sums + value * weight, a product for each output, each rounded. */
static void bitgrad_add(float *sums, int count, float value, ${parameters}) {
  int j;
  for (j = 0; j < count; j += 1) {
    const float one = ${value};
    const float product = value * one;
    sums[j] = sums[j] + product;
  }
}
`;

const dense = ({ parameters, scale }: Weights): string => `\
/* input * weight + bias: every sum runs in the order of the inputs. */
static void bitgrad_dense(const float *input, int inputs, float *output, int outputs,
                          ${parameters}, const float *bias) {
  int i, j;
  for (j = 0; j < outputs; j += 1) output[j] = 0.0f;
  for (i = 0; i < inputs; i += 1) bitgrad_add(output, outputs, input[i], weight + (long)i * outputs${scale});
  if (bias) for (j = 0; j < outputs; j += 1) output[j] = output[j] + bias[j];
}
`;

const conv2d = ({ parameters, scale }: Weights): string => `\
/* A convolution with weights [i][j][channels][filters]: sums run by i, j and channel. */
static void bitgrad_conv2d(const float *input, float *output, const bitgrad_window *w, int filters,
                           ${parameters}, const float *bias) {
  int y, x, i, j, c;
  for (y = 0; y < w->out_height; y += 1) for (x = 0; x < w->out_width; x += 1) {
    float *sums = output + ((long)y * w->out_width + x) * filters;
    for (c = 0; c < filters; c += 1) sums[c] = 0.0f;
    for (i = 0; i < w->kernel_height; i += 1) for (j = 0; j < w->kernel_width; j += 1) {
      const int v = y * w->stride_vertical - w->padding_top + i;
      const int u = x * w->stride_horizontal - w->padding_left + j;
      if (v >= 0 && v < w->height && u >= 0 && u < w->width) {
        const float *pixel = input + ((long)v * w->width + u) * w->channels;
        const long place = ((long)i * w->kernel_width + j) * w->channels;
        for (c = 0; c < w->channels; c += 1) {
          bitgrad_add(sums, filters, pixel[c], weight + (place + c) * filters${scale});
        }
      }
    }
    if (bias) for (c = 0; c < filters; c += 1) sums[c] = sums[c] + bias[c];
  }
}
`;

const FUNCTIONS = {
  relu: 'static float bitgrad_relu(float x) { return x <= 0.0f ? 0.0f : x; }\n',
  sigmoid:
    'static float bitgrad_sigmoid(float x) {\n  const float below = 1.0f + bitgrad_exp(-x);\n  return 1.0f / below;\n}\n',
  tanh: TANH,
  leaky_relu: 'static float bitgrad_leaky_relu(float x) { return x > 0.0f ? x : x * 0.01f; }\n',
  elu: 'static float bitgrad_elu(float x) {\n  return x > 0.0f ? x : bitgrad_exp(x) - 1.0f;\n}\n',
  softmax: SOFTMAX,
  window: WINDOW,
  add,
  dense,
  conv2d,
  max_pool: MAX_POOL,
  average_pool: AVERAGE_POOL,
  batch_norm: BATCH_NORM,
  activate: ACTIVATE,
};

/** A function, or a type, that an exported file may need. */
export type CFunction = keyof typeof FUNCTIONS;

/** The source of the named functions and of what they call, each once, in one fixed order. */
export function cFunctions(names: ReadonlySet<CFunction>, isQuantized: boolean): string[] {
  const needsExp = names.has('sigmoid') || names.has('elu') || names.has('softmax');
  const chosen = (Object.keys(FUNCTIONS) as CFunction[]).filter((name) => names.has(name));
  return [
    ...(needsExp || names.has('tanh') ? [EXPONENTIAL] : []),
    ...(needsExp ? [EXP] : []),
    ...chosen.map((name) => {
      const source = FUNCTIONS[name];
      return typeof source === 'string' ? source : source(isQuantized ? INT8 : BINARY32);
    }),
  ];
}
