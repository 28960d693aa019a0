#include "sparse.h"
#include "sparse_columns.h"

namespace bitgrad {
namespace {

// From so many samples on, blocks of a panel of weights are copied to the first cache, one after
// another, and all samples use each before the next.
constexpr size_t manySamples = 8;

template <bool isBinary>
struct Forward {
  const SparseBatch& batch;
  Range rows;
  const float* weight;
  size_t width;
  float* output;

  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t j) const {
    if (rows.size() < manySamples) {
      for (size_t r = rows.begin; r < rows.end; ++r) {
        addFeatures<Count>(r, j, 0, batch.features, weight + j, width);
      }
      return;
    }
    constexpr size_t columns = Count * lanes;
    constexpr size_t blockFeatures = forwardPanelBytes / (columns * sizeof(float));
    for (size_t first = 0; first < batch.features; first += blockFeatures) {
      const size_t end = smaller(first + blockFeatures, batch.features);
      for (size_t f = first; f < end; ++f) {
        Sums<Count> weights;
        weights.load(weight + f * width + j);
        weights.store(batch.scratch.panel + (f - first) * columns);
      }
      for (size_t r = rows.begin; r < rows.end; ++r) {
        addFeatures<Count>(r, j, first, end, batch.scratch.panel, columns);
      }
    }
  }

  // Continues a row's sums by the features from `first` to `end`, whose weights lie from `panel`
  // on.
  template <size_t Count>
  BITGRAD_INLINE void addFeatures(size_t r, size_t j, size_t first, size_t end, const float* panel,
                                  size_t stride) const {
    const uint16_t* list = batch.lists + r * batch.listStride;
    const float* values = batch.values + r * batch.listStride;
    float* to = output + r * width + j;
    size_t t = first == 0 ? 0 : batch.scratch.cursors[r];
    Sums<Count> sums;
    if (first == 0) {
      sums.clear();
    } else {
      sums.load(to);
    }
    for (; list[t] < end; ++t) {
      const size_t f = list[t];
      sums.template add<isBinary>(values + t, panel + (f - first) * stride);
    }
    sums.store(to);
    batch.scratch.cursors[r] = static_cast<uint32_t>(t);
  }

  void column(size_t j) const {
    for (size_t r = rows.begin; r < rows.end; ++r) {
      const uint16_t* list = batch.lists + r * batch.listStride;
      const float* values = batch.values + r * batch.listStride;
      float sum = 0.0f;
      for (size_t t = 0; t < batch.counts[r]; ++t) {
        const float factor = weight[list[t] * width + j];
        sum += isBinary ? factor : values[t] * factor;
      }
      output[r * width + j] = sum;
    }
  }
};

void sparseForward(const SparseBatch& batch, const Share& own, const float* weight, size_t width,
                   float* output) {
  if (batch.isBinary) {
    forColumns(own.columns, Forward<true>{batch, own.rows, weight, width, output});
  } else {
    forColumns(own.columns, Forward<false>{batch, own.rows, weight, width, output});
  }
}

}  // namespace
}  // namespace bitgrad
