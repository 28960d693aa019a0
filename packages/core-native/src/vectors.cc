// The vector kernels of `Kernels` (backend.ts).
#include "vector.h"

namespace bitgrad {
namespace {

void saxpy(size_t n, float alpha, const float* x, size_t incx, float* y, size_t incy) {
  if (incx == 1 && incy == 1) {
    for (size_t i = 0; i < n; ++i) y[i] = y[i] + alpha * x[i];
    return;
  }
  for (size_t i = 0; i < n; ++i) y[i * incy] = y[i * incy] + alpha * x[i * incx];
}

void sger(size_t m, size_t n, float alpha, const float* x, size_t incx, const float* y, size_t incy,
          float* a, size_t lda) {
  for (size_t i = 0; i < m; ++i) {
    const float factor = x[i * incx];
    float* row = a + i * lda;
    if (incy == 1) {
      for (size_t j = 0; j < n; ++j) row[j] = row[j] + alpha * (factor * y[j]);
    } else {
      for (size_t j = 0; j < n; ++j) row[j] = row[j] + alpha * (factor * y[j * incy]);
    }
  }
}

// One chain of additions: their order is the contract's, so no vector can help.
float sdot(size_t n, const float* x, size_t incx, const float* y, size_t incy) {
  float sum = 0.0f;
  for (size_t i = 0; i < n; ++i) sum = sum + x[i * incx] * y[i * incy];
  return sum;
}

void sscal(size_t n, float alpha, float* x, size_t incx) {
  if (incx == 1) {
    for (size_t i = 0; i < n; ++i) x[i] = alpha * x[i];
    return;
  }
  for (size_t i = 0; i < n; ++i) x[i * incx] = alpha * x[i * incx];
}

void scopy(size_t n, const float* x, size_t incx, float* y, size_t incy) {
  for (size_t i = 0; i < n; ++i) y[i * incy] = x[i * incx];
}

float snrm2(size_t n, const float* x, size_t incx) {
  return __builtin_sqrtf(sdot(n, x, incx, x, incx));
}

}  // namespace
}  // namespace bitgrad
