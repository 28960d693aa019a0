#include "sparse.h"
#include "sparse_columns.h"

namespace bitgrad {
namespace {

// The places in the sample's list of the member's features.
Range placesOf(const SparseBatch& batch, Range features) {
  const size_t count = batch.counts[0];
  if (features.size() == batch.features) return {0, count};
  size_t begin = 0;
  while (begin < count && batch.lists[begin] < features.begin) ++begin;
  size_t end = begin;
  while (end < count && batch.lists[end] < features.end) ++end;
  return {begin, end};
}

template <bool isBinary>
struct SampleUpdate {
  const SparseBatch& batch;
  Range places;
  const float* dOutput;
  size_t width;
  float rate;
  float* weight;

  // A gradient is a sum of one product from +0, which turns −0 into +0.
  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t j) const {
    Sums<Count> slopes;
    slopes.load(dOutput + j);
    Sums<Count> steps;
    for (size_t v = 0; v < Count; ++v) steps.of[v] = rate * (slopes.of[v] + 0.0f);
    // Copies, as for all the compiler knows the stores below could change the originals.
    const uint16_t* list = batch.lists;
    const float* values = batch.values;
    const size_t stride = width;
    float* first = weight + j;
    const size_t end = places.end;
    for (size_t t = places.begin; t < end; ++t) {
      float* to = first + list[t] * stride;
      const Vector value = isBinary ? Vector{} : broadcast(values[t]);
#pragma GCC unroll 8
      for (size_t v = 0; v < Count; ++v, to += lanes) {
        const Vector step = isBinary ? steps.of[v] : rate * (value * slopes.of[v] + 0.0f);
        store(to, load(to) - step);
      }
    }
  }

  void column(size_t j) const {
    for (size_t t = places.begin; t < places.end; ++t) {
      const size_t f = batch.lists[t];
      const float slope = isBinary ? dOutput[j] : batch.values[t] * dOutput[j];
      weight[f * width + j] -= rate * (slope + 0.0f);
    }
  }
};

// Features that are 0 have been given their gradients already.
struct SampleGradient {
  const SparseBatch& batch;
  Range places;
  const float* dOutput;
  size_t width;
  float* gradient;

  BITGRAD_INLINE float valueAt(size_t t) const { return batch.isBinary ? 1.0f : batch.values[t]; }

  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t j) const {
    for (size_t t = places.begin; t < places.end; ++t) {
      const size_t f = batch.lists[t];
      Sums<Count> sums;
      sums.clear();
      const float value = valueAt(t);
      sums.template add<false>(&value, dOutput + j);
      sums.store(gradient + f * width + j);
    }
  }

  void column(size_t j) const {
    for (size_t t = places.begin; t < places.end; ++t) {
      const size_t f = batch.lists[t];
      gradient[f * width + j] = valueAt(t) * dOutput[j] + 0.0f;
    }
  }
};

void gradientBySample(const SparseBatch& batch, const Share& own, const float* dOutput,
                      size_t width, float* gradient) {
  for (size_t f = own.rows.begin; f < own.rows.end; ++f) {
    __builtin_memset(gradient + f * width + own.columns.begin, 0,
                     own.columns.size() * sizeof(float));
  }
  const Range places = placesOf(batch, own.rows);
  forColumns(own.columns, SampleGradient{batch, places, dOutput, width, gradient});
}

// Alone, or compilers that have everything around it in view run out of registers in its loop.
[[gnu::noinline]] void updateBySample(const SparseBatch& batch, const Share& own,
                                      const float* dOutput, size_t width, float rate,
                                      float* weight) {
  const Range places = placesOf(batch, own.rows);
  if (batch.isBinary) {
    forColumns(own.columns, SampleUpdate<true>{batch, places, dOutput, width, rate, weight});
  } else {
    forColumns(own.columns, SampleUpdate<false>{batch, places, dOutput, width, rate, weight});
  }
}

}  // namespace
}  // namespace bitgrad
