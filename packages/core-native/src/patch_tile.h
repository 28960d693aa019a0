// The innermost part of a convolution: a tile of its result held in registers, of rows that lie
// anywhere.
#pragma once

#include "gemm_tile.h"

namespace bitgrad {
namespace {

// Where each row's factors and its sums begin.
struct PatchTile {
  const float* a[tileRows];
  float* c[tileRows];
};

// How a row's factors lie: `length` of them, `step` elements apart, from each of the offsets on.
struct Runs {
  const ptrdiff_t* offsets;
  size_t count;
  size_t length;
  ptrdiff_t step;
};

// c[i][v] = ((continues ? c[i][v] : +0) + Σ_p a[i][p] · b[p, v]) + bias[v], p ascending; without a bias
// (null) nothing is added.
template <size_t Vectors, size_t Rows>
void multiplyPatches(const PatchTile& tile, const Runs& runs, const float* b, size_t ldb,
                     bool continues, const float* bias) {
  Vector sums[Rows][Vectors];
#pragma GCC unroll 16
  for (size_t i = 0; i < Rows; ++i) {
#pragma GCC unroll 4
    for (size_t v = 0; v < Vectors; ++v) {
      sums[i][v] = continues ? load(tile.c[i] + v * lanes) : Vector{};
    }
  }
  const float* rows[Rows];
  for (size_t i = 0; i < Rows; ++i) rows[i] = tile.a[i];
  const auto addProducts = [&](ptrdiff_t at) __attribute__((always_inline)) {
    const float* from = b;
#ifdef __wasm__
    forgetOrigin(from);
#endif
#pragma GCC unroll 16
    for (size_t i = 0; i < Rows; ++i) {
      const Vector factor = broadcast(rows[i][at]);
#pragma GCC unroll 4
      for (size_t v = 0; v < Vectors; ++v) sums[i][v] += factor * load(from + v * lanes);
    }
#pragma GCC unroll 16
    for (size_t i = 0; i < Rows; ++i) {
#pragma GCC unroll 4
      for (size_t v = 0; v < Vectors; ++v) keepInRegister(sums[i][v]);
    }
    b += ldb;
  };
  for (size_t run = 0; run < runs.count; ++run) {
    ptrdiff_t at = runs.offsets[run];
    size_t left = runs.length;
    for (; left >= stepsAtOnce; left -= stepsAtOnce) {
#pragma GCC unroll 4
      for (size_t step = 0; step < stepsAtOnce; ++step, at += runs.step) addProducts(at);
    }
    for (; left > 0; --left, at += runs.step) addProducts(at);
  }
#pragma GCC unroll 16
  for (size_t i = 0; i < Rows; ++i) {
#pragma GCC unroll 4
    for (size_t v = 0; v < Vectors; ++v) {
      if (bias != nullptr) sums[i][v] += load(bias + v * lanes);
      store(tile.c[i] + v * lanes, sums[i][v]);
    }
  }
}

using PatchFunction = void (*)(const PatchTile& tile, const Runs& runs, const float* b, size_t ldb,
                               bool continues, const float* bias);

// The functions for 1 to tileRows rows.
template <size_t Vectors>
struct PatchFunctions {
  PatchFunction of[tileRows] = {};
  constexpr PatchFunctions() { fill<1>(); }
  template <size_t Rows>
  constexpr void fill() {
    of[Rows - 1] = multiplyPatches<Vectors, Rows>;
    if constexpr (Rows < tileRows) fill<Rows + 1>();
  }
};

template <size_t Vectors>
constexpr PatchFunctions<Vectors> patchFunctions;

}  // namespace
}  // namespace bitgrad
