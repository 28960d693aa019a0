// Matrix products.
#pragma once

#include "gemm_pack.h"

namespace bitgrad {
namespace {

// A block of A (blockRows × blockDepth) stays in the second cache, a panel of B (blockDepth ×
// tileColumns) in the first.
constexpr size_t blockRows = 120;
constexpr size_t blockDepth = 256;
constexpr size_t blockColumns = 512;
static_assert(blockRows % tileRows == 0 && blockColumns % tileColumns == 0);

// What a product needs for its own use. Contents are not kept from one product to the next.
struct alignas(64) GemmScratch {
  float a[blockRows * blockDepth];
  float b[blockDepth * blockColumns];
  float c[tileRows * tileColumns];
  // A part of a product that is yet to be scaled by alpha and beta.
  float sums[blockRows * blockColumns];
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

// parameter [m, n] −= rate · (op(A) · op(B)): a plain SGD step whose gradient is not stored.
void multiplyAndUpdate(const Product& product, float rate, float* parameter, GemmScratch& scratch);

}  // namespace
}  // namespace bitgrad
