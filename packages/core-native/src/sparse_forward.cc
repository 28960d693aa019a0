#include "sparse.h"
#include "sparse_columns.h"

namespace bitgrad {
namespace {

template <bool isBinary>
struct Forward {
  const SparseBatch& batch;
  const Share& own;
  const float* weight;
  WeightLayout layout;
  float* output;

  // A block of weights in the first cache after another, used by all samples before the next.
  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t j) const {
    constexpr size_t columns = Count * lanes;
    constexpr size_t atOnce = blockFloats / columns;
    const size_t stride = layout.stride(columns);
    // One block at least: the sums of no features are to be written, too.
    for (size_t first = 0; first == 0 || first < batch.features; first += atOnce) {
      const Range features{first, smaller(first + atOnce, batch.features)};
      const float* block = weight + layout.begin(j) + first * stride;
      if (stride == columns) {
        for (size_t i = 0; i < features.size() * columns; i += lineFloats) {
          __builtin_prefetch(block + i);
        }
      } else {
        for (size_t f = 0; f < features.size(); ++f) {
          copyVectors<Count>(block + f * stride, batch.scratch.block + f * columns);
        }
        block = batch.scratch.block;
      }
      for (size_t r = own.rows.begin; r < own.rows.end; ++r) {
        addFeatures<Count>(r, j, features, block);
      }
    }
  }

  // Continues a row's sums by a block of weights. Between two blocks they lie apart from the output,
  // which members with other columns are writing to.
  template <size_t Count>
  BITGRAD_INLINE void addFeatures(size_t r, size_t j, Range features, const float* block) const {
    constexpr size_t atOnce = vectorsAtOnce<Count>;
    constexpr size_t columns = Count * lanes;
    const uint16_t* list = batch.lists + r * batch.listStride;
    const float* values = batch.values + r * batch.listStride;
    // Where feature 0 would be: a number, as no pointer may point to before its array.
    const uintptr_t origin =
        reinterpret_cast<uintptr_t>(block) - features.begin * columns * sizeof(float);
    float* begun = batch.scratch.panel + r * columns;
    float* to = features.end == batch.features ? output + r * layout.width + j : begun;
    const size_t start = features.begin == 0 ? 0 : batch.scratch.cursors[r];
    size_t t = start;
    for (size_t i = 0; i < columns; i += atOnce * lanes) {
      Sums<atOnce> sums;
      if (features.begin == 0) {
        sums.clear();
      } else {
        sums.load(begun + i);
      }
      for (t = start; list[t] < features.end; ++t) {
        const uintptr_t at = origin + (list[t] * columns + i) * sizeof(float);
        sums.template add<isBinary>(values + t, reinterpret_cast<const float*>(at));
      }
      sums.store(to + i);
    }
    batch.scratch.cursors[r] = t;
  }

  void column(size_t j) const {
    const float* panel = weight + layout.begin(j);
    const size_t stride = layout.stride(1);
    for (size_t r = own.rows.begin; r < own.rows.end; ++r) {
      const uint16_t* list = batch.lists + r * batch.listStride;
      const float* values = batch.values + r * batch.listStride;
      float sum = 0.0f;
      for (size_t t = 0; t < batch.counts[r]; ++t) {
        const float factor = panel[list[t] * stride];
        sum += isBinary ? factor : values[t] * factor;
      }
      output[r * layout.width + j] = sum;
    }
  }
};

// Of so few samples that a block of weights would be fetched for each of them.
template <bool isBinary>
struct ForwardOfFew {
  Forward<isBinary> all;

  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t j) const {
    const SparseBatch& batch = all.batch;
    const size_t stride = all.layout.width;
    const float* weight = all.weight + j;
    for (size_t r = all.own.rows.begin; r < all.own.rows.end; ++r) {
      const uint16_t* list = batch.lists + r * batch.listStride;
      const float* values = batch.values + r * batch.listStride;
      Sums<Count> sums;
      sums.clear();
      for (size_t t = 0; list[t] != endOfList; ++t) {
        sums.template add<isBinary>(values + t, weight + list[t] * stride);
      }
      sums.store(all.output + r * all.layout.width + j);
    }
  }

  void column(size_t j) const { all.column(j); }
};

template <bool isBinary>
void addProducts(const Share& own, const Forward<isBinary>& forward) {
  if (own.rows.size() < manySamples && !forward.layout.isInPanels) {
    forColumns(own.columns, ForwardOfFew<isBinary>{forward});
  } else {
    forColumns<panelVectors>(own.columns, forward);
  }
}

void sparseForward(const SparseBatch& batch, const Share& own, const float* weight,
                   const WeightLayout& layout, float* output) {
  if (batch.isBinary) {
    addProducts(own, Forward<true>{batch, own, weight, layout, output});
  } else {
    addProducts(own, Forward<false>{batch, own, weight, layout, output});
  }
}

}  // namespace
}  // namespace bitgrad
