#include "sparse.h"
#include "sparse_columns.h"

namespace bitgrad {
namespace {

template <bool isBinary>
struct SampleUpdate {
  const SparseBatch& batch;
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
    const SparseBatch sample = batch;
    const size_t count = sample.counts[0];
    for (size_t t = 0; t < count; ++t) {
      const size_t f = sample.lists[t];
      float* to = weight + f * width + j;
      const Vector value = broadcast(sample.values[f]);
#pragma GCC unroll 8
      for (size_t v = 0; v < Count; ++v, to += lanes) {
        const Vector step = isBinary ? steps.of[v] : rate * (value * slopes.of[v] + 0.0f);
        store(to, load(to) - step);
      }
    }
  }

  void column(size_t j) const {
    for (size_t t = 0; t < batch.counts[0]; ++t) {
      const size_t f = batch.lists[t];
      weight[f * width + j] -= rate * (batch.values[f] * dOutput[j] + 0.0f);
    }
  }
};

// Features that are 0 have been given their gradients already.
struct SampleGradient {
  const SparseBatch& batch;
  const float* dOutput;
  size_t width;
  float* gradient;

  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t j) const {
    for (size_t t = 0; t < batch.counts[0]; ++t) {
      const size_t f = batch.lists[t];
      Sums<Count> sums;
      sums.clear();
      sums.template add<false>(batch.values + f, dOutput + j);
      sums.store(gradient + f * width + j);
    }
  }

  void column(size_t j) const {
    for (size_t t = 0; t < batch.counts[0]; ++t) {
      const size_t f = batch.lists[t];
      gradient[f * width + j] = batch.values[f] * dOutput[j] + 0.0f;
    }
  }
};

void gradientBySample(const SparseBatch& batch, const float* dOutput, size_t width,
                      float* gradient) {
  __builtin_memset(gradient, 0, batch.features * width * sizeof(float));
  forColumns(width, SampleGradient{batch, dOutput, width, gradient});
}

void updateBySample(const SparseBatch& batch, const float* dOutput, size_t width, float rate,
                    float* weight) {
  if (batch.isBinary) {
    forColumns(width, SampleUpdate<true>{batch, dOutput, width, rate, weight});
  } else {
    forColumns(width, SampleUpdate<false>{batch, dOutput, width, rate, weight});
  }
}

}  // namespace
}  // namespace bitgrad
