// Matrix products.
#pragma once

#include "gemm_pack.h"

namespace bitgrad {
namespace {

// A block of A (blockRows × a shape's depth) stays in the second cache.
constexpr size_t blockRows = tileColumns > 16 ? 120 : 72;
constexpr size_t blockColumns = 512;
// So many rows, some blocks of them, are finished at a time where something is made of the sums: B is
// packed for each of these parts.
constexpr size_t partRows = tileColumns > 16 ? blockRows : 2 * blockRows;
constexpr size_t wideBlock = 256;
constexpr size_t inPlaceTiles = 4;
constexpr bool areCutEvenly() {
  for (const TileShape& shape : tileShapes) {
    if (blockRows % shape.rows != 0 || blockColumns % shape.columns != 0) return false;
    if (shape.depth % stepsAtOnce != 0 || shape.depth > mostTileDepth) return false;
    if (shape.rows > mostTileRows || shape.columns > mostTileColumns) return false;
  }
  return true;
}
static_assert(areCutEvenly());

// What a product needs for its own use. Contents are not kept from one product to the next.
struct alignas(64) GemmScratch {
  float a[blockRows * mostTileDepth];
  float b[mostTileDepth * blockColumns];
  float c[mostTileRows * mostTileColumns];
  // A part of a product that is yet to be scaled by alpha and beta.
  float sums[partRows * blockColumns];
};

// op(A) [m, k] times op(B) [k, n]; see `Kernels.sgemm`.
struct Product {
  bool transposeA;
  bool transposeB;
  size_t m;
  size_t n;
  size_t k;
  const float* a;
  size_t lda;
  const float* b;
  size_t ldb;
};

// c = op(A) · op(B).
void multiply(const Product& product, float* c, size_t ldc, GemmScratch& scratch);

// The product's part of `rows` × `columns` from row i and column j on.
Product part(const Product& whole, size_t i, size_t rows, size_t j, size_t columns);

// Calls use(i, rows, j, columns, sums) with finished sums of C's part from row i and column j on,
// [rows, columns], for all of C.
template <typename Use>
BITGRAD_INLINE void multiplyInParts(const Product& whole, GemmScratch& scratch, const Use& use) {
  for (size_t j = 0; j < whole.n; j += blockColumns) {
    const size_t columns = smaller(blockColumns, whole.n - j);
    for (size_t i = 0; i < whole.m; i += partRows) {
      const size_t rows = smaller(partRows, whole.m - i);
      multiply(part(whole, i, rows, j, columns), scratch.sums, columns, scratch);
      use(i, rows, j, columns, scratch.sums);
    }
  }
}

}  // namespace
}  // namespace bitgrad
