// Products and quotients of numbers that may be subnormal.
//
// A moment that no gradient feeds any more shrinks until it is subnormal and, being rounded, never reaches
// 0. Intel's processors take some 150 cycles for a vector with a subnormal factor: steps with momentum
// then take several times as long. In binary64 these numbers are not subnormal, and what is computed
// there and rounded once more has the same bits (Figueroa, When is double rounding innocuous?, 1995);
// only the conversions have to be made by hand.
#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

BITGRAD_INLINE uint32_t bitsOf(float x) { return __builtin_bit_cast(uint32_t, x); }
BITGRAD_INLINE float floatOf(uint32_t bits) { return __builtin_bit_cast(float, bits); }

constexpr uint32_t signBit = 0x80000000;
constexpr uint32_t leastNormal = 0x00800000;

// |x|. One of both terms is 0.
BITGRAD_INLINE double wideMagnitude(float x) {
  const uint32_t bits = bitsOf(x) & ~signBit;
  const bool isSubnormal = bits < leastNormal;
  const double subnormal = static_cast<int32_t>(isSubnormal ? bits : 0) * 0x1p-149;
  return subnormal + static_cast<double>(floatOf(isSubnormal ? 0 : bits));
}

// x ≥ 0 rounded to binary32, with a sign. Adding and subtracting the constant rounds what will be
// subnormal to a multiple of 2^-149; 2^23 of them are the least normal number, as bits too.
BITGRAD_INLINE float narrow(double x, uint32_t sign) {
  constexpr double rounding = 0x1.8p-97;
  const bool isSubnormal = x < 0x1p-126;
  const double grid = ((isSubnormal ? x : 0) + rounding) - rounding;
  const auto subnormal = static_cast<uint32_t>(static_cast<int32_t>(grid * 0x1p149));
  const uint32_t normal = bitsOf(static_cast<float>(isSubnormal ? 0 : x));
  return floatOf(subnormal | normal | sign);
}

BITGRAD_INLINE uint32_t signOf(float a, float b) { return (bitsOf(a) ^ bitsOf(b)) & signBit; }

// to[i] = factor · from[i]. A NaN's bits are what the processor would make of it.
void multiplyTiny(float factor, const float* __restrict from, size_t length, float* __restrict to) {
  for (size_t i = 0; i < length; ++i) {
    to[i] = narrow(wideMagnitude(factor) * wideMagnitude(from[i]), signOf(factor, from[i]));
  }
}

// to[i] = from[i] ÷ divisor[i].
void divideTiny(const float* __restrict from, const float* __restrict divisor, size_t length,
                float* __restrict to) {
  for (size_t i = 0; i < length; ++i) {
    to[i] = narrow(wideMagnitude(from[i]) / wideMagnitude(divisor[i]), signOf(from[i], divisor[i]));
  }
}

// The most that is looked at, and computed so or so, at a time.
constexpr size_t tinyBlock = 128;

// Whether one of some numbers is subnormal, or will soon be.
BITGRAD_INLINE bool areTiny(const float* numbers, size_t length) {
  constexpr uint32_t limit = 2 * 0x0d800000;  // 2^-100 without its sign
  uint32_t found = 0;
  for (size_t i = 0; i < length; ++i) found |= 2 * bitsOf(numbers[i]) - 1 < limit - 1;
  return found != 0;
}

// Calls use(areTiny, at, size) for parts of some moments, [length]. On other processors than x86 these
// numbers are no exception.
template <typename Use>
BITGRAD_INLINE void inBlocks(const float* moments, size_t length, const Use& use) {
#ifdef __x86_64__
  for (size_t at = 0; at < length; at += tinyBlock) {
    const size_t size = smaller(tinyBlock, length - at);
    use(areTiny(moments + at, size), at, size);
  }
#else
  use(false, 0, length);
  static_cast<void>(moments);
#endif
}

}  // namespace
}  // namespace bitgrad
