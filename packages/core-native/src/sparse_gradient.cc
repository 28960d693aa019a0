#include "gradient_sums.h"
#include "optimizers.h"

namespace bitgrad {
namespace {

struct StoreGradient {
  float* gradient;

  bool skipsZeros() const { return false; }

  BITGRAD_INLINE void prefetch(size_t at) const { __builtin_prefetch(gradient + at, 1); }

  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t at, const Sums<Count>& sums) const {
    sums.store(gradient + at);
  }
  void column(size_t at, float sum) const { gradient[at] = sum; }
};

struct UpdateWeight {
  float* weight;
  float rate;
  float l2;

  bool skipsZeros() const { return l2 == 0.0f; }

  BITGRAD_INLINE void prefetch(size_t at) const { __builtin_prefetch(weight + at, 1); }

  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t at, const Sums<Count>& sums) const {
    if (l2 == 0.0f) {
      descend(weight + at, sums, 0.0f);
    } else {
      descend(weight + at, sums, l2);
    }
  }
  void column(size_t at, float sum) const {
    weight[at] = descended(weight[at], sum, rate, l2);
  }

  // Inlined with a decay of 0, it asks no vector for it.
  template <size_t Count>
  BITGRAD_INLINE void descend(float* to, const Sums<Count>& sums, float decay) const {
#pragma GCC unroll 8
    for (size_t v = 0; v < Count; ++v, to += lanes) {
      store(to, descended(load(to), sums.of[v], rate, decay));
    }
  }
};

template <typename Use>
void useGradient(const SparseBatch& batch, size_t rows, const Share& own, const float* dOutput,
                 const WeightLayout& layout, const Use& use) {
  mirrorFlags(batch, rows, own.rows);
  if (batch.isBinary) {
    forColumns<panelVectors>(
        own.columns, Gradient<true, Use>{batch, rows, own.rows, dOutput, layout, use});
    return;
  }
  findPlaces(batch, rows, own.rows.begin);
  FeatureLists lists = batch.scratch.features;
  SparseBatch part = batch;
  for (size_t first = own.rows.begin; first < own.rows.end; first += lists.capacity) {
    const Range features{first, smaller(first + lists.capacity, own.rows.end)};
    listRows(batch, rows, features, use.skipsZeros(), lists);
    part.scratch.features = lists;
    forColumns<panelVectors>(
        own.columns, Gradient<false, Use>{part, rows, features, dOutput, layout, use});
  }
}

void sparseGradient(const SparseBatch& batch, size_t rows, const Share& own, const float* dOutput,
                    size_t width, float* gradient) {
  if (rows == 1) {
    gradientBySample(batch, own, dOutput, width, gradient);
  } else {
    const WeightLayout layout{batch.features, width, false};
    useGradient(batch, rows, own, dOutput, layout, StoreGradient{gradient});
  }
}

void sparseUpdate(const SparseBatch& batch, size_t rows, const Share& own, const float* dOutput,
                  float rate, float l2, float* weight, const WeightLayout& layout) {
  if (rows == 1 && l2 == 0.0f && !layout.isInPanels) {
    updateBySample(batch, own, dOutput, layout.width, rate, weight);
  } else {
    useGradient(batch, rows, own, dOutput, layout, UpdateWeight{weight, rate, l2});
  }
}

}  // namespace
}  // namespace bitgrad
