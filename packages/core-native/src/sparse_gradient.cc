#include "optimizers.h"
#include "sparse.h"
#include "sparse_columns.h"
#include "sparse_rows.h"

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

// What of dOutput fits the first cache beside the weights that are on their way.
constexpr size_t panelFloats = 6144;

template <bool isBinary, typename Use>
struct Gradient {
  const SparseBatch& batch;
  size_t rows;
  const float* dOutput;
  WeightLayout layout;
  const Use& use;

  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t j) const {
    constexpr size_t columns = Count * lanes;
    const size_t begin = layout.begin(j);
    const size_t stride = layout.stride(columns);
    // As wide a part of dOutput as the first cache holds.
    constexpr size_t part = vectorsAtOnce<Count>;
    if (part == Count || rows * columns <= panelFloats) {
      sumPanel<Count>(j, begin, stride);
      return;
    }
    if constexpr (part < Count) {
      for (size_t i = 0; i < columns; i += part * lanes) sumPanel<part>(j + i, begin + i, stride);
    }
  }

  // The sums of the columns from j on, which belong to places from `begin` on, `stride` apart.
  template <size_t Count>
  BITGRAD_INLINE void sumPanel(size_t j, size_t begin, size_t stride) const {
    constexpr size_t columns = Count * lanes;
    constexpr size_t atOnce = vectorsAtOnce<Count>;
    float* panel = batch.scratch.panel;
    for (size_t r = 0; r < rows; ++r) {
      copyVectors<Count>(dOutput + r * layout.width + j, panel + r * columns);
    }
    // Copies, as for all the compiler knows the stores below could change the originals.
    const FeatureLists lists = batch.scratch.features;
    const Use use = this->use;
    const auto place = [&](size_t at) __attribute__((always_inline)) {
      return lists.features[at] * stride + begin;
    };
    const auto add = [&](Sums<atOnce>& sums, size_t entry, size_t i) __attribute__((always_inline)) {
      const float* row = panel + lists.rows[entry] * columns + i;
      sums.template add<isBinary>(lists.values + entry, row);
    };
    const auto prefetch = [&](size_t at) __attribute__((always_inline)) {
      if (at >= lists.count) return;
      for (size_t i = 0; i < columns; i += lineFloats) use.prefetch(place(at) + i);
    };
    size_t at = 0;
    // So few sums would wait for each other: two features take turns. Fewer columns are too rare.
    if constexpr (Count == sumVectors / 2 && columns >= 32) {
      for (; at + 2 <= lists.count; at += 2) {
        prefetch(at + 4);
        prefetch(at + 5);
        size_t entry = lists.starts[at];
        size_t other = lists.starts[at + 1];
        const size_t end = other;
        const size_t otherEnd = lists.starts[at + 2];
        Sums<Count> sums;
        Sums<Count> otherSums;
        sums.clear();
        otherSums.clear();
        for (; entry < end && other < otherEnd; ++entry, ++other) {
          add(sums, entry, 0);
          add(otherSums, other, 0);
        }
        for (; entry < end; ++entry) add(sums, entry, 0);
        for (; other < otherEnd; ++other) add(otherSums, other, 0);
        use.vectors(place(at), sums);
        use.vectors(place(at + 1), otherSums);
      }
    }
    for (; at < lists.count; ++at) {
      prefetch(at + 2);
      const size_t end = lists.starts[at + 1];
      for (size_t i = 0; i < columns; i += atOnce * lanes) {
        Sums<atOnce> sums;
        sums.clear();
        for (size_t entry = lists.starts[at]; entry < end; ++entry) add(sums, entry, i);
        use.vectors(place(at) + i, sums);
      }
    }
  }

  void column(size_t j) const {
    const FeatureLists& lists = batch.scratch.features;
    const size_t begin = layout.begin(j);
    const size_t stride = layout.stride(1);
    for (size_t at = 0; at < lists.count; ++at) {
      float sum = 0.0f;
      for (size_t entry = lists.starts[at]; entry < lists.starts[at + 1]; ++entry) {
        const float slope = dOutput[lists.rows[entry] * layout.width + j];
        sum += isBinary ? slope : lists.values[entry] * slope;
      }
      use.column(lists.features[at] * stride + begin, sum);
    }
  }
};

template <bool isBinary, typename Use>
void useGradient(const SparseBatch& batch, size_t rows, const Share& own, const float* dOutput,
                 const WeightLayout& layout, const Use& use) {
  mirrorFlags(batch, rows, own.rows);
  if constexpr (!isBinary) findPlaces(batch, rows, own.rows.begin);
  FeatureLists lists = batch.scratch.features;
  SparseBatch part = batch;
  for (size_t first = own.rows.begin; first < own.rows.end; first += lists.capacity) {
    const Range features{first, smaller(first + lists.capacity, own.rows.end)};
    listRows<isBinary>(batch, rows, features, use.skipsZeros(), lists);
    part.scratch.features = lists;
    forColumns<panelVectors>(own.columns, Gradient<isBinary, Use>{part, rows, dOutput, layout, use});
  }
}

template <typename Use>
void useGradient(const SparseBatch& batch, size_t rows, const Share& own, const float* dOutput,
                 const WeightLayout& layout, const Use& use) {
  if (batch.isBinary) {
    useGradient<true>(batch, rows, own, dOutput, layout, use);
  } else {
    useGradient<false>(batch, rows, own, dOutput, layout, use);
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
