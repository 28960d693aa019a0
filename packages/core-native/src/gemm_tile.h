// The innermost part of the matrix product: a tile of C held in registers.
#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

// The tile's rows and vectors of columns, as many as the registers hold beside one element of A,
// one vector of B and a product.
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
// and Vectors. a(i, p) is a[p, i] where A's columns are contiguous (A packed or transposed), else
// a[i, p].
template <size_t Rows, size_t Vectors, bool contiguousColumns>
void multiplyTile(const Tile& tile, size_t depth, bool continues) {
  const auto column = [&](size_t vector) {
    return vector + 1 == Vectors ? tile.lastColumn : vector * lanes;
  };
  Vector sums[Rows][Vectors];
#pragma GCC unroll 16
  for (size_t i = 0; i < Rows; ++i) {
#pragma GCC unroll 4
    for (size_t v = 0; v < Vectors; ++v) {
      sums[i][v] = continues ? load(tile.c + i * tile.ldc + column(v)) : Vector{};
    }
  }
  const float* a = tile.a;
  const float* b = tile.b;
  for (size_t p = 0; p < depth; ++p) {
#pragma GCC unroll 16
    for (size_t i = 0; i < Rows; ++i) {
      const Vector factor = broadcast(contiguousColumns ? a[i] : a[i * tile.lda]);
#pragma GCC unroll 4
      for (size_t v = 0; v < Vectors; ++v) sums[i][v] += factor * load(b + column(v));
    }
    a += contiguousColumns ? tile.lda : 1;
    b += tile.ldb;
  }
#pragma GCC unroll 16
  for (size_t i = 0; i < Rows; ++i) {
#pragma GCC unroll 4
    for (size_t v = 0; v < Vectors; ++v) store(tile.c + i * tile.ldc + column(v), sums[i][v]);
  }
}

using TileFunction = void (*)(const Tile& tile, size_t depth, bool continues);

// The functions for 1 to tileRows rows.
template <size_t Vectors, bool contiguousColumns>
struct TileFunctions {
  TileFunction of[tileRows] = {};
  constexpr TileFunctions() { fill<1>(); }
  template <size_t Rows>
  constexpr void fill() {
    of[Rows - 1] = multiplyTile<Rows, Vectors, contiguousColumns>;
    if constexpr (Rows < tileRows) fill<Rows + 1>();
  }
};

template <size_t Vectors, bool contiguousColumns>
constexpr TileFunctions<Vectors, contiguousColumns> tileFunctions;

BITGRAD_INLINE TileFunction tileFunction(size_t rows, size_t vectors, bool contiguousColumns) {
  static_assert(tileVectors == 2);
  if (contiguousColumns) {
    return vectors == 1 ? tileFunctions<1, true>.of[rows - 1] : tileFunctions<2, true>.of[rows - 1];
  }
  return vectors == 1 ? tileFunctions<1, false>.of[rows - 1] : tileFunctions<2, false>.of[rows - 1];
}

}  // namespace
}  // namespace bitgrad
