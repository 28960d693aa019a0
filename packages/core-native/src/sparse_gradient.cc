#include "sparse.h"
#include "sparse_columns.h"
#include "sparse_list.h"

namespace bitgrad {
namespace {

// Turns the flags of features by row into flags of rows by feature.
void mirrorFlags(const SparseBatch& batch, size_t rows) {
  uint8_t* to = batch.rowFlags;
  for (size_t f = 0; f < batch.features; f += 8) {
    const uint8_t* flags = batch.flags + f / 8 * batch.flagStride;
    for (size_t r = 0; r < rows; r += 8, to += 8) {
      uint64_t bits;
      __builtin_memcpy(&bits, flags + r, 8);
      // Rows beyond the step's hold what an earlier step left there.
      if (rows - r < 8) bits &= (uint64_t{1} << (rows - r) * 8) - 1;
      bits = mirrorBits(bits);
      __builtin_memcpy(to, &bits, 8);
    }
  }
}

struct StoreGradient {
  static constexpr bool skipsZeros = false;
  float* gradient;

  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t at, const Sums<Count>& sums) const {
    sums.store(gradient + at);
  }
  void column(size_t at, float sum) const { gradient[at] = sum; }
};

struct UpdateWeight {
  static constexpr bool skipsZeros = true;
  float* weight;
  float rate;

  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t at, const Sums<Count>& sums) const {
#pragma GCC unroll 8
    for (size_t v = 0; v < Count; ++v) {
      float* to = weight + at + v * lanes;
      store(to, load(to) - rate * sums.of[v]);
    }
  }
  void column(size_t at, float sum) const { weight[at] -= rate * sum; }
};

template <bool isBinary, typename Use>
struct Gradient {
  const SparseBatch& batch;
  size_t rows;
  const float* dOutput;
  size_t width;
  const Use& use;

  // Calls body(f, rows in which feature f is not 0, how many they are).
  template <typename Body>
  BITGRAD_INLINE void forFeatures(const Body& body) const {
    const size_t blocks = roundUp(rows, 8) / 8;
    for (size_t f = 0; f < batch.features; ++f) {
      const uint8_t* flags = batch.rowFlags + f / 8 * blocks * 8 + f % 8;
      size_t count = 0;
      for (size_t block = 0; block < blocks; ++block) {
        count += appendPlaces(flags[block * 8], block * 8, batch.rowList + count);
      }
      if (count > 0 || !Use::skipsZeros) body(f, batch.rowList, count);
    }
  }

  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t j) const {
    constexpr size_t columns = Count * lanes;
    for (size_t r = 0; r < rows; ++r) {
      Sums<Count> slopes;
      slopes.load(dOutput + r * width + j);
      slopes.store(batch.panel + r * columns);
    }
    forFeatures([&](size_t f, const uint16_t* list, size_t count) {
      Sums<Count> sums;
      sums.clear();
      for (size_t t = 0; t < count; ++t) {
        const size_t r = list[t];
        sums.template add<isBinary>(batch.values + r * batch.features + f,
                                    batch.panel + r * columns);
      }
      use.vectors(f * width + j, sums);
    });
  }

  void column(size_t j) const {
    forFeatures([&](size_t f, const uint16_t* list, size_t count) {
      float sum = 0.0f;
      for (size_t t = 0; t < count; ++t) {
        const size_t r = list[t];
        const float slope = dOutput[r * width + j];
        sum += isBinary ? slope : batch.values[r * batch.features + f] * slope;
      }
      use.column(f * width + j, sum);
    });
  }
};

template <typename Use>
void useGradient(const SparseBatch& batch, size_t rows, const float* dOutput, size_t width,
                 const Use& use) {
  mirrorFlags(batch, rows);
  if (batch.isBinary) {
    forColumns(width, Gradient<true, Use>{batch, rows, dOutput, width, use});
  } else {
    forColumns(width, Gradient<false, Use>{batch, rows, dOutput, width, use});
  }
}

void sparseGradient(const SparseBatch& batch, size_t rows, const float* dOutput, size_t width,
                    float* gradient) {
  if (rows == 1) {
    gradientBySample(batch, dOutput, width, gradient);
  } else {
    useGradient(batch, rows, dOutput, width, StoreGradient{gradient});
  }
}

void sparseUpdate(const SparseBatch& batch, size_t rows, const float* dOutput, size_t width,
                  float rate, float* weight) {
  if (rows == 1) {
    updateBySample(batch, dOutput, width, rate, weight);
  } else {
    useGradient(batch, rows, dOutput, width, UpdateWeight{weight, rate});
  }
}

}  // namespace
}  // namespace bitgrad
