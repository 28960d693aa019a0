// From values to bits: which of them are not 0.
#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

// A bit for each of eight values: whether it is not 0.
#ifdef __SSE2__
BITGRAD_INLINE uint8_t nonZeroFlags(const uint8_t* bytes) {
  typedef char Bytes __attribute__((vector_size(16)));
  typedef long long Words __attribute__((vector_size(16)));
  long long word;
  __builtin_memcpy(&word, bytes, 8);
  const Bytes isZero = reinterpret_cast<Bytes>(Words{word, 0}) == Bytes{};
  return static_cast<uint8_t>(~__builtin_ia32_pmovmskb128(isZero));
}

BITGRAD_INLINE uint8_t nonZeroFlags(const float* values) {
  typedef float Floats __attribute__((vector_size(16)));
  const auto flags = [](const float* from) {
    Floats four;
    __builtin_memcpy(&four, from, sizeof(four));
    return __builtin_ia32_movmskps(reinterpret_cast<Floats>(four != Floats{}));
  };
  return static_cast<uint8_t>(flags(values) | flags(values + 4) << 4);
}
#elif defined(__wasm_simd128__)
BITGRAD_INLINE uint8_t nonZeroFlags(const uint8_t* bytes) {
  typedef signed char Bytes __attribute__((vector_size(16)));
  typedef long long Words __attribute__((vector_size(16)));
  long long word;
  __builtin_memcpy(&word, bytes, 8);
  const Bytes isOther = reinterpret_cast<Bytes>(Words{word, 0}) != Bytes{};
  return static_cast<uint8_t>(__builtin_wasm_bitmask_i8x16(isOther));
}

BITGRAD_INLINE uint8_t nonZeroFlags(const float* values) {
  typedef float Floats __attribute__((vector_size(16)));
  const auto flags = [](const float* from) {
    Floats four;
    __builtin_memcpy(&four, from, sizeof(four));
    return __builtin_wasm_bitmask_i32x4(four != Floats{});
  };
  return static_cast<uint8_t>(flags(values) | flags(values + 4) << 4);
}
#else
BITGRAD_INLINE uint8_t nonZeroFlags(const uint8_t* bytes) {
  constexpr uint64_t low = 0x7f7f7f7f7f7f7f7f;
  uint64_t word;
  __builtin_memcpy(&word, bytes, 8);
  const uint64_t tops = (((word & low) + low) | word) & ~low;
  // Moves the eight top bits next to each other.
  return static_cast<uint8_t>((tops >> 7) * 0x0102040810204080 >> 56);
}

BITGRAD_INLINE uint8_t nonZeroFlags(const float* values) {
  unsigned flags = 0;
  for (unsigned i = 0; i < 8; ++i) flags |= (values[i] != 0.0f ? 1u : 0u) << i;
  return static_cast<uint8_t>(flags);
}
#endif

}  // namespace
}  // namespace bitgrad
