// Squares of 4×4 elements, for operands that lie transposed.
#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

typedef float Four __attribute__((vector_size(16)));
typedef float UnalignedFour __attribute__((vector_size(16), aligned(4), may_alias));

struct Square {
  Four rows[4];
};

// rows[p][j] = from[j, p].
BITGRAD_INLINE Square loadTransposed(const float* from, size_t stride) {
  const auto row = [&](size_t j) -> Four {
    return *reinterpret_cast<const UnalignedFour*>(from + j * stride);
  };
  const Four r0 = row(0);
  const Four r1 = row(1);
  const Four r2 = row(2);
  const Four r3 = row(3);
  const Four low01 = __builtin_shufflevector(r0, r1, 0, 4, 1, 5);
  const Four high01 = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
  const Four low23 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
  const Four high23 = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
  return {{
      __builtin_shufflevector(low01, low23, 0, 1, 4, 5),
      __builtin_shufflevector(low01, low23, 2, 3, 6, 7),
      __builtin_shufflevector(high01, high23, 0, 1, 4, 5),
      __builtin_shufflevector(high01, high23, 2, 3, 6, 7),
  }};
}

// c[j] = Σ_p a[p · aStep] · b[j, p], p ascending, for the 4 · Squares columns from b and c on.
// Needs a depth of at least 4.
template <size_t Squares>
BITGRAD_INLINE void multiplySquares(size_t depth, const float* a, size_t aStep, const float* b,
                                    size_t ldb, float* c) {
  Four sums[Squares] = {};
  for (size_t p = 0; p < depth; p += 4) {
    // The last squares overlap those before. A factor that was used already is replaced by 0, and
    // adding its products changes no bit.
    const size_t first = smaller(p, depth - 4);
    Four factors[4];
    for (size_t i = 0; i < 4; ++i) {
      factors[i] = (first + i < p ? 0.0f : a[(first + i) * aStep]) - Four{};
    }
#pragma GCC unroll 4
    for (size_t s = 0; s < Squares; ++s) {
      const Square square = loadTransposed(b + 4 * s * ldb + first, ldb);
#pragma GCC unroll 4
      for (size_t i = 0; i < 4; ++i) sums[s] += factors[i] * square.rows[i];
    }
  }
  for (size_t s = 0; s < Squares; ++s) *reinterpret_cast<UnalignedFour*>(c + 4 * s) = sums[s];
}

}  // namespace
}  // namespace bitgrad
