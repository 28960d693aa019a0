#include "product.h"

#include "optimizers.h"

namespace bitgrad {
namespace {

Product productOf(const BoundOp& gemm, size_t rows) {
  const auto size = [&](size_t field) {
    return gemm.numbers[field] == rowsDimension ? rows : gemm.numbers[field];
  };
  const bool transposeA = gemm.numbers[3] != 0;
  const bool transposeB = gemm.numbers[4] != 0;
  const size_t m = size(0);
  const size_t n = size(1);
  const size_t k = size(2);
  return {transposeA,  transposeB,        m, n, k, gemm.f32(0), transposeA ? m : k,
          gemm.f32(1), transposeB ? k : n};
}

Share shareOf(const BoundOp& gemm, const Product& product, const Place& place) {
  if (gemm.split == Split::rows) {
    return {shareOf(product.m, rowsTogether, place), {0, product.n}};
  }
  return {{0, product.m}, shareOf(product.n, tileColumns, place)};
}

void runProduct(const BoundOp& gemm, const Place& place, GemmScratch& scratch) {
  const Product whole = productOf(gemm, place.rows);
  const Share own = shareOf(gemm, whole, place);
  const Product product =
      part(whole, own.rows.begin, own.rows.size(), own.columns.begin, own.columns.size());
  const size_t first = own.rows.begin * whole.n + own.columns.begin;
  if (gemm.update == nullptr) {
    multiply(product, gemm.f32(2) + first, whole.n, scratch);
    return;
  }
  multiplyInParts(product, scratch, [&](size_t i, size_t rows, size_t j, size_t columns,
                                        const float* sums) {
    const size_t at = first + i * whole.n + j;
    // Whole rows follow one another in the parameter as they do in the sums.
    const size_t runs = columns == whole.n ? 1 : rows;
    const size_t length = rows * columns / runs;
    for (size_t r = 0; r < runs; ++r) {
      update(*gemm.update, place, at + r * whole.n, sums + r * columns, length);
    }
  });
}

}  // namespace
}  // namespace bitgrad
