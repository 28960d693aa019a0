// The innermost part of the matrix product: a tile of C held in registers.
#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

// The rows and vectors of columns of a tile whose operands lie where they are, as many as the registers
// hold beside one element of A, one vector of B and a product.
#if BITGRAD_VECTOR_BYTES == 64
constexpr size_t tileRows = 8;
constexpr size_t tileVectors = 2;
#elif BITGRAD_VECTOR_BYTES == 32
constexpr size_t tileRows = 6;
constexpr size_t tileVectors = 2;
#else
constexpr size_t tileRows = 4;
constexpr size_t tileVectors = 2;
#endif
constexpr size_t tileColumns = tileVectors * lanes;

// Steps of p between two looks at whether it is over: where multiplications and additions have pipes
// of their own, what bounds a tile is how many instructions can begin.
#ifdef __wasm__
constexpr size_t stepsAtOnce = 1;
#else
constexpr size_t stepsAtOnce = 4;
#endif

// Compilers would do several steps for one sum before they turn to the next, and keep the factors of
// all those steps, for which there are no registers. A sum that is looked at here has to be complete.
template <typename Vector>
BITGRAD_INLINE void keepInRegister(Vector& vector) {
#if defined(__AVX512F__) || (defined(__x86_64__) && BITGRAD_VECTOR_BYTES < 64)
  asm volatile("" : "+v"(vector));
#elif defined(__aarch64__)
  asm volatile("" : "+w"(vector));
#else
  static_cast<void>(vector);
#endif
}

// Where a tile's operands begin and how far their rows lie apart, in elements.
struct Tile {
  const float* a;
  size_t lda;
  const float* b;
  size_t ldb;
  // The column of the last vector. Where the columns are no multiple of the lanes it overlaps the
  // vector before, which computes some elements twice, to the same bits.
  size_t lastColumn;
  float* c;
  size_t ldc;
};

// c[i, j] = (continues ? c[i, j] : +0) + Σ_p a(i, p) · b[p, j], p ascending, for the tile's Rows
// and Vectors of `count` lanes. a(i, p) is a[p, i] where A's columns are contiguous (A packed or
// transposed), else a[i, p]. With packedRows, B is packed for a tile of so many rows and Vectors (and
// A, if its columns are contiguous); with 0 it lies anywhere.
template <size_t count, size_t Rows, size_t Vectors, bool contiguousColumns, size_t packedRows>
void multiplyTile(const Tile& tile, size_t depth, bool continues) {
  using Of = Lanes<count>;
  constexpr bool isPacked = packedRows > 0;
  const auto column = [&](size_t vector) __attribute__((always_inline)) {
    return vector + 1 < Vectors || isPacked ? vector * count : tile.lastColumn;
  };
  const size_t lda = isPacked && contiguousColumns ? packedRows : tile.lda;
  const size_t ldb = isPacked ? Vectors * count : tile.ldb;
  typename Of::Vector sums[Rows][Vectors];
#pragma GCC unroll 16
  for (size_t i = 0; i < Rows; ++i) {
#pragma GCC unroll 4
    for (size_t v = 0; v < Vectors; ++v) {
      sums[i][v] = continues ? Of::load(tile.c + i * tile.ldc + column(v)) : typename Of::Vector{};
    }
  }
  const float* a = tile.a;
  const size_t aStep = contiguousColumns ? lda : 1;
  const float* b = tile.b;
  const auto addProducts = [&](size_t step) __attribute__((always_inline)) {
    const float* from = b + step * ldb;
    const float* factors = contiguousColumns ? a + step * lda : a + step;
#ifdef __wasm__
    forgetOrigin(from);
    forgetOrigin(factors);
#endif
#pragma GCC unroll 16
    for (size_t i = 0; i < Rows; ++i) {
      const auto factor = Of::broadcast(factors[contiguousColumns ? i : i * lda]);
#pragma GCC unroll 4
      for (size_t v = 0; v < Vectors; ++v) sums[i][v] += factor * Of::load(from + column(v));
    }
#pragma GCC unroll 16
    for (size_t i = 0; i < Rows; ++i) {
#pragma GCC unroll 4
      for (size_t v = 0; v < Vectors; ++v) keepInRegister(sums[i][v]);
    }
  };
  size_t p = 0;
  for (; p + stepsAtOnce <= depth; p += stepsAtOnce) {
#pragma GCC unroll 4
    for (size_t step = 0; step < stepsAtOnce; ++step) addProducts(step);
    a += stepsAtOnce * aStep;
    b += stepsAtOnce * ldb;
  }
  for (; p < depth; ++p) {
    addProducts(0);
    a += aStep;
    b += ldb;
  }
#pragma GCC unroll 16
  for (size_t i = 0; i < Rows; ++i) {
#pragma GCC unroll 4
    for (size_t v = 0; v < Vectors; ++v) Of::store(tile.c + i * tile.ldc + column(v), sums[i][v]);
  }
}

using TileFunction = void (*)(const Tile& tile, size_t depth, bool continues);

// The functions for 1 to MostRows rows.
template <size_t count, size_t MostRows, size_t Vectors, bool contiguousColumns, bool isPacked>
struct TileFunctions {
  TileFunction of[MostRows] = {};
  constexpr TileFunctions() { fill<1>(); }
  template <size_t Rows>
  constexpr void fill() {
    of[Rows - 1] =
        multiplyTile<count, Rows, Vectors, contiguousColumns, isPacked ? MostRows : 0>;
    if constexpr (Rows < MostRows) fill<Rows + 1>();
  }
};

template <size_t Vectors, bool contiguousColumns>
constexpr TileFunctions<lanes, tileRows, Vectors, contiguousColumns, false> inPlaceFunctions;

BITGRAD_INLINE TileFunction tileInPlace(size_t rows, size_t vectors, bool contiguousColumns) {
  static_assert(tileVectors == 2);
  if (contiguousColumns) {
    return vectors == 1 ? inPlaceFunctions<1, true>.of[rows - 1]
                        : inPlaceFunctions<2, true>.of[rows - 1];
  }
  return vectors == 1 ? inPlaceFunctions<1, false>.of[rows - 1]
                      : inPlaceFunctions<2, false>.of[rows - 1];
}

}  // namespace
}  // namespace bitgrad
