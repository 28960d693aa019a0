// exp, log and tanh, correctly rounded in binary32, and sigmoid on top of exp.
//
// Every function computes a binary64 value that is close enough to the true one to round to the right
// binary32 value, for every input. `pnpm prove` checks that over all 2^32 inputs of each. The TypeScript
// files in core-ts/src/math do the same operations in the same order, and say where the formulas come from.
//
// The header needs no library and no <cmath>, so it also compiles for wasm. All is `static`: each file that
// includes it has a copy of its own, compiled for its own instruction set, and the linker cannot mix them.
// The code has selections instead of branches, so that compilers can turn loops over it into vectors.
#pragma once

#include <stdint.h>

#ifdef __FAST_MATH__
#error "Bitgrad needs IEEE-754 arithmetic: compile without -ffast-math and -Ofast."
#endif

namespace bitgrad {

static_assert(__FLT_EVAL_METHOD__ == 0, "each operation must round to the type it is written in");

namespace elementary {

// Adding and subtracting 1.5 * 2^52 rounds a small number to the nearest integer, which then also
// stands in the low bits of the sum.
static constexpr double rounder = 6755399441055744.0;
static constexpr double log2_e = 1.4426950408889634;
// ln 2 in two parts. The high one has 42 bits, so that n * ln2_high is exact for |n| < 2^11.
static constexpr double ln2_high = 0.6931471805598903;
static constexpr double ln2_low = 5.497923018708371e-14;
// The same for log. Every pair near ln 2 is about as accurate; this one was picked because with it no
// input at all is rounded to the wrong side.
static constexpr double log_ln2_high = 0.6931471805599443;
static constexpr double log_ln2_low = 1.06625e-15;

struct Reduced {
  double power;      // 2^n
  double remainder;  // e^remainder - 1, where x = n * ln 2 + remainder
};

// Splits e^x into 2^n * (1 + remainder) with |x - n * ln 2| <= ln(2) / 2. Needs |x| < 700.
static inline Reduced reduced_exponential(double x) {
  const double shifted = x * log2_e + rounder;
  const double n = shifted - rounder;
  const double r = (x - n * ln2_high) - n * ln2_low;
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double low =
      (0.5 + r * 0.16666666666666685) +
      r2 * (0.041666666666602896 + r * 0.008333333333313988);
  const double high =
      (0.0013888888927222262 + r * 0.0001984126990477242) +
      r2 * (2.4801508156661086e-05 + r * 2.7557226204504805e-06);
  const double top = 2.762539149450866e-07 + r * 2.5115055891695166e-08;
  const double sum = low + r4 * (high + r4 * top);
  // The low bits of `shifted` are n; the exponent field of 2^n is n + 1023.
  const uint64_t exponent = __builtin_bit_cast(uint64_t, shifted) + 1023;
  return {__builtin_bit_cast(double, exponent << 52), r + r2 * sum};
}

// e^x in binary64, for |x| < 700.
static inline double exp_binary64(double x) {
  const Reduced e = reduced_exponential(x);
  return e.power * (1.0 + e.remainder);
}

// tanh(x) in binary64, for 0 <= x < 350.
static inline double tanh_binary64(double x) {
  const Reduced e = reduced_exponential(2.0 * x);
  const double t = (e.power - 1.0) + e.power * e.remainder;
  return t / (t + 2.0);
}

// log(x) in binary64, for positive finite x.
static inline double log_binary64(float x) {
  // Subnormal numbers are scaled up first, so that their exponent can be read from the bits.
  const bool subnormal = x < 1.1754943508222875e-38f;
  const int32_t bits = __builtin_bit_cast(int32_t, subnormal ? x * 8388608.0f : x);
  // x = 2^n * m with m from sqrt(1/2) to sqrt(2); 0x3f3504f3 is sqrt(1/2).
  const int32_t n = (bits - 0x3f3504f3) >> 23;
  const float m = __builtin_bit_cast(float, static_cast<int32_t>(bits - (n << 23)));
  const double k = static_cast<double>(n - (subnormal ? 23 : 0));
  const double f = static_cast<double>(m) - 1.0;
  const double s = f / (f + 2.0);
  const double z = s * s;
  const double z2 = z * z;
  const double low =
      (0.666666666666681 + z * 0.399999999990147) +
      z2 * (0.28571428818406286 + z * 0.22222191654055518);
  const double high =
      (0.18183890882875517 + z * 0.15306339591478885) + z2 * 0.14867998280362538;
  const double tail = z * (low + (z2 * z2) * high);
  const double half = (0.5 * f) * f;
  return (k * log_ln2_high + k * log_ln2_low) + (f - (half - s * (half + tail)));
}

}  // namespace elementary

// e^x, correctly rounded.
static inline float exp(float x) {
  // e^89 overflows and e^-104 rounds to zero. A NaN passes both comparisons.
  const float low = x < -104.0f ? -104.0f : x;
  const float clamped = low > 89.0f ? 89.0f : low;
  return static_cast<float>(elementary::exp_binary64(clamped));
}

// The natural logarithm, correctly rounded. log(0) is -infinity, and below zero it is NaN.
static inline float log(float x) {
  const float infinity = __builtin_inff();
  const float finite = static_cast<float>(elementary::log_binary64(x));
  const float outside = x == 0.0f ? -infinity : __builtin_nanf("");
  return x > 0.0f ? (x < infinity ? finite : x) : outside;
}

// The hyperbolic tangent, correctly rounded.
static inline float tanh(float x) {
  const float size = x < 0.0f ? -x : x;
  // tanh(10) rounds to 1. A NaN passes the comparison.
  const float clamped = size > 10.0f ? 10.0f : size;
  const float y = static_cast<float>(elementary::tanh_binary64(clamped));
  // Zeros and NaN are their own tanh.
  return x > 0.0f ? y : (x < 0.0f ? -y : x);
}

// 1 / (1 + e^-x), each operation rounded to binary32.
static inline float sigmoid(float x) { return 1.0f / (1.0f + exp(-x)); }

}  // namespace bitgrad
