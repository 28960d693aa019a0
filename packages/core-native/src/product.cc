#include "product.h"

#include "optimizers.h"

namespace bitgrad {
namespace {

Product productOf(const Gemm& gemm, size_t rows) {
  const auto size = [&](uint32_t dimension) { return dimension == rowsDimension ? rows : dimension; };
  const size_t m = size(gemm.m());
  const size_t n = size(gemm.n());
  const size_t k = size(gemm.k());
  return {gemm.transposeA(), gemm.transposeB(),         m, n, k, gemm.a(), gemm.transposeA() ? m : k,
          gemm.b(),          gemm.transposeB() ? k : n};
}

Share shareOf(const Gemm& gemm, const Product& product, const Place& place) {
  if (gemm.op.plan->split() == Split::rows) {
    return {shareOf(product.m, rowsTogether, place), {0, product.n}};
  }
  return {{0, product.m}, shareOf(product.n, tileColumns, place)};
}

// The plain update by the gradient of a single sample, every element of which is one product added to
// +0, which turns −0 into +0: in two vectors of columns, which may overlap.
void updateByOuter(const Product& product, size_t first, size_t second, float rate, float l2,
                   float* parameter, size_t stride) {
  const size_t aStep = product.transposeA ? 1 : product.lda;
  const Vector b[2] = {load(product.b + first), load(product.b + second)};
  for (size_t i = 0; i < product.m; ++i, parameter += stride) {
    const Vector factor = broadcast(product.a[i * aStep]);
    const Vector left = descended(load(parameter + first), factor * b[0] + 0.0f, rate, l2);
    const Vector right = descended(load(parameter + second), factor * b[1] + 0.0f, rate, l2);
    store(parameter + first, left);
    store(parameter + second, right);
  }
}

// The same in all columns, of which there must be as many as lanes.
void updateByOuter(const Product& product, float rate, float l2, float* parameter, size_t stride) {
  size_t j = 0;
  for (; product.n - j >= 3 * lanes; j += 2 * lanes) {
    updateByOuter(product, j, j + lanes, rate, l2, parameter, stride);
  }
  if (product.n - j >= 2 * lanes) {
    updateByOuter(product, j, j, rate, l2, parameter, stride);
    j += lanes;
  }
  updateByOuter(product, j, product.n - lanes, rate, l2, parameter, stride);
}

[[gnu::noinline]] Status runOp(const Gemm& gemm, const Place& place) {
  const Op* rule = gemm.op.update;
  const Product whole = productOf(gemm, place.rows);
  const Share own = shareOf(gemm, whole, place);
  const Product product =
      part(whole, own.rows.begin, own.rows.size(), own.columns.begin, own.columns.size());
  const size_t first = own.rows.begin * whole.n + own.columns.begin;
  if (rule == nullptr) {
    multiply(product, gemm.c() + first, whole.n, *place.scratch);
    return done;
  }
  if (product.k == 1 && product.n >= lanes && rule->code == OpCode::sgd) {
    const Sgd sgd{*rule};
    updateByOuter(product, sgd.rates()[place.step], sgd.l2(), sgd.parameter() + first, whole.n);
    return done;
  }
  multiplyInParts(product, *place.scratch, [&](size_t i, size_t rows, size_t j, size_t columns,
                                               const float* sums) {
    const size_t at = first + i * whole.n + j;
    // Whole rows follow one another in the parameter as they do in the sums.
    const size_t runs = columns == whole.n ? 1 : rows;
    const size_t length = rows * columns / runs;
    for (size_t r = 0; r < runs; ++r) {
      update(*rule, place, at + r * whole.n, sums + r * columns, length);
    }
  });
  return done;
}

}  // namespace
}  // namespace bitgrad
