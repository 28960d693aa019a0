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

const ACTIVATIONS = {
  none: 'static float bitgrad_none(float x) { return x; }\n',
  relu: 'static float bitgrad_relu(float x) { return x <= 0.0f ? 0.0f : x; }\n',
  sigmoid:
    'static float bitgrad_sigmoid(float x) {\n  const float below = 1.0f + bitgrad_exp(-x);\n  return 1.0f / below;\n}\n',
  tanh: TANH,
  'leaky-relu': 'static float bitgrad_leaky_relu(float x) { return x > 0.0f ? x : x * 0.01f; }\n',
  elu: 'static float bitgrad_elu(float x) {\n  return x > 0.0f ? x : bitgrad_exp(x) - 1.0f;\n}\n',
  softmax: SOFTMAX,
};

/** A function that an exported file may need. */
export type CFunction = keyof typeof ACTIVATIONS;

/** The source of the named functions and of what they call, each once, in one fixed order. */
export function cFunctions(names: ReadonlySet<CFunction>): string[] {
  const needsExp = names.has('sigmoid') || names.has('elu') || names.has('softmax');
  const chosen = (Object.keys(ACTIVATIONS) as CFunction[]).filter((name) => names.has(name));
  return [
    ...(needsExp || names.has('tanh') ? [EXPONENTIAL] : []),
    ...(needsExp ? [EXP] : []),
    ...chosen.map((name) => ACTIVATIONS[name]),
  ];
}

/** activation(input * weight + bias): every sum runs in the order of the inputs. */
export const DENSE = `\
static void bitgrad_dense(const float *input, int inputs, float *output, int outputs,
                          const float *weight, const float *bias, float (*activation)(float)) {
  int i, j;
  for (j = 0; j < outputs; j += 1) output[j] = 0.0f;
  for (i = 0; i < inputs; i += 1) {
    const float value = input[i];
    const float *row = weight + (long)i * outputs;
    for (j = 0; j < outputs; j += 1) {
      const float product = value * row[j];
      output[j] = output[j] + product;
    }
  }
  for (j = 0; j < outputs; j += 1) output[j] = activation(output[j] + bias[j]);
}
`;

/** The same of weights in bytes, each times its output's scale, rounded once. */
export const DENSE_INT8 = `\
static void bitgrad_dense(const float *input, int inputs, float *output, int outputs,
                          const int8_t *weight, const float *scale, const float *bias,
                          float (*activation)(float)) {
  int i, j;
  for (j = 0; j < outputs; j += 1) output[j] = 0.0f;
  for (i = 0; i < inputs; i += 1) {
    const float value = input[i];
    const int8_t *row = weight + (long)i * outputs;
    for (j = 0; j < outputs; j += 1) {
      const float one = (float)row[j] * scale[j];
      const float product = value * one;
      output[j] = output[j] + product;
    }
  }
  for (j = 0; j < outputs; j += 1) output[j] = activation(output[j] + bias[j]);
}
`;
