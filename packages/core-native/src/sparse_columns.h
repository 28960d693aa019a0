// Sums of few of a matrix's rows, columns side by side.
#pragma once

#include "program.h"

namespace bitgrad {
namespace {

// How many vectors of sums are kept in registers at once.
constexpr size_t sumVectors = 8;

// How many vectors of columns use a list one after another: by the second time, the processor
// foresees where it ends. WebAssembly's module has no room for more code.
#ifdef __wasm__
constexpr size_t panelVectors = sumVectors;
#else
constexpr size_t panelVectors = 2 * sumVectors;
#endif

// How many of `Count` vectors are summed at once.
template <size_t Count>
constexpr size_t vectorsAtOnce = Count < sumVectors ? Count : sumVectors;

// Fewer than eight columns are not worth code of their own.
constexpr size_t leastVectors = lanes < 8 ? 8 / lanes : 1;

// Calls body.vectors<Count>(j) with the largest constant count of vectors that still fits, again
// and again, and body.column(j) for the columns that are left.
template <size_t Count = sumVectors, typename Body>
BITGRAD_INLINE void forColumns(Range columns, const Body& body) {
  size_t j = columns.begin;
  for (; j + Count * lanes <= columns.end; j += Count * lanes) body.template vectors<Count>(j);
  if constexpr (Count > leastVectors) {
    forColumns<Count / 2>({j, columns.end}, body);
  } else {
    for (; j < columns.end; ++j) body.column(j);
  }
}

template <size_t Count>
BITGRAD_INLINE void copyVectors(const float* from, float* to) {
#pragma GCC unroll 16
  for (size_t i = 0; i < Count * lanes; i += lanes) store(to + i, load(from + i));
}

template <size_t Count>
struct Sums {
  Vector of[Count];

  BITGRAD_INLINE void clear() {
#pragma GCC unroll 8
    for (size_t v = 0; v < Count; ++v) of[v] = Vector{};
  }
  BITGRAD_INLINE void load(const float* from) {
#pragma GCC unroll 8
    for (size_t v = 0; v < Count; ++v) of[v] = bitgrad::load(from + v * lanes);
  }
  BITGRAD_INLINE void store(float* to) const {
#pragma GCC unroll 8
    for (size_t v = 0; v < Count; ++v) bitgrad::store(to + v * lanes, of[v]);
  }
  // Adds factor · row; where isOne, the factor is 1 and not looked at.
  template <bool isOne>
  BITGRAD_INLINE void add(const float* factor, const float* row) {
    const Vector scale = isOne ? Vector{} : broadcast(*factor);
    forgetOrigin(row);
#pragma GCC unroll 8
    for (size_t v = 0; v < Count; ++v) {
      const Vector values = bitgrad::load(row + v * lanes);
      of[v] += isOne ? values : scale * values;
    }
  }
};

}  // namespace
}  // namespace bitgrad
