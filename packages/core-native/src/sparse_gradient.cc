#include "sparse.h"
#include "sparse_columns.h"
#include "sparse_list.h"

namespace bitgrad {
namespace {

// The flags of eight rows from `row` on, as flags begin, and of eight features from 8 · group on.
BITGRAD_INLINE uint64_t flagsOf(const SparseBatch& batch, size_t row, size_t group) {
  uint64_t bits;
  __builtin_memcpy(&bits, batch.flags + row / 8 * batch.flagStride + 8 * group, 8);
  if (row % 8 == 0) return bits;
  uint64_t next;
  __builtin_memcpy(&next, batch.flags + (row / 8 + 1) * batch.flagStride + 8 * group, 8);
  return bits >> row % 8 * 8 | next << (8 - row % 8) * 8;
}

// Turns the flags of features by row into flags of rows by feature, for some of the features.
void mirrorFlags(const SparseBatch& batch, size_t rows, Range features) {
  const size_t blocks = roundUp(rows, 8) / 8;
  for (size_t group = features.begin / 8; group * 8 < features.end; ++group) {
    for (size_t block = 0; block < blocks; ++block) {
      uint64_t bits = flagsOf(batch, batch.firstRow + block * 8, group);
      // Rows beyond the step's hold what an earlier step left there.
      const size_t left = rows - block * 8;
      if (left < 8) bits &= (uint64_t{1} << left * 8) - 1;
      batch.scratch.rowFlags[group * blocks + block] = mirrorBits(bits);
    }
  }
}

struct StoreGradient {
  float* gradient;

  bool skipsZeros() const { return false; }

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

  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t at, const Sums<Count>& sums) const {
#pragma GCC unroll 8
    for (size_t v = 0; v < Count; ++v) {
      float* to = weight + at + v * lanes;
      const Vector before = load(to);
      store(to, before - rate * (l2 == 0.0f ? sums.of[v] : sums.of[v] + l2 * before));
    }
  }
  void column(size_t at, float sum) const {
    weight[at] -= rate * (l2 == 0.0f ? sum : sum + l2 * weight[at]);
  }
};

template <bool isBinary, typename Use>
struct Gradient {
  const SparseBatch& batch;
  size_t rows;
  Range features;
  const float* dOutput;
  size_t width;
  const Use& use;

  // Calls body(f, rows in which feature f is not 0, how many they are).
  template <typename Body>
  BITGRAD_INLINE void forFeatures(const Body& body) const {
    const size_t blocks = roundUp(rows, 8) / 8;
    const auto* bytes = reinterpret_cast<const uint8_t*>(batch.scratch.rowFlags);
    uint16_t* list = batch.scratch.rowList;
    for (size_t f = features.begin; f < features.end; ++f) {
      const uint8_t* flags = bytes + f / 8 * blocks * 8 + f % 8;
      size_t count = 0;
      for (size_t block = 0; block < blocks; ++block) {
        count += appendPlaces(flags[block * 8], block * 8, list + count);
      }
      if (count > 0 || !use.skipsZeros()) body(f, list, count);
    }
  }

  template <size_t Count>
  BITGRAD_INLINE void vectors(size_t j) const {
    constexpr size_t columns = Count * lanes;
    for (size_t r = 0; r < rows; ++r) {
      Sums<Count> slopes;
      slopes.load(dOutput + r * width + j);
      slopes.store(batch.scratch.panel + r * columns);
    }
    forFeatures([&](size_t f, const uint16_t* list, size_t count) {
      Sums<Count> sums;
      sums.clear();
      for (size_t t = 0; t < count; ++t) {
        const size_t r = list[t];
        sums.template add<isBinary>(batch.values + r * batch.features + f,
                                    batch.scratch.panel + r * columns);
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
void useGradient(const SparseBatch& batch, size_t rows, const Share& own, const float* dOutput,
                 size_t width, const Use& use) {
  mirrorFlags(batch, rows, own.rows);
  if (batch.isBinary) {
    forColumns(own.columns, Gradient<true, Use>{batch, rows, own.rows, dOutput, width, use});
  } else {
    forColumns(own.columns, Gradient<false, Use>{batch, rows, own.rows, dOutput, width, use});
  }
}

void sparseGradient(const SparseBatch& batch, size_t rows, const Share& own, const float* dOutput,
                    size_t width, float* gradient) {
  if (rows == 1) {
    gradientBySample(batch, own, dOutput, width, gradient);
  } else {
    useGradient(batch, rows, own, dOutput, width, StoreGradient{gradient});
  }
}

void sparseUpdate(const SparseBatch& batch, size_t rows, const Share& own, const float* dOutput,
                  size_t width, float rate, float l2, float* weight) {
  if (rows == 1 && l2 == 0.0f) {
    updateBySample(batch, own, dOutput, width, rate, weight);
  } else {
    useGradient(batch, rows, own, dOutput, width, UpdateWeight{weight, rate, l2});
  }
}

}  // namespace
}  // namespace bitgrad
