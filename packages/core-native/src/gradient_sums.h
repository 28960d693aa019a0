// The sums of a sparse batch's gradient, each given to its use as soon as it is finished.
#pragma once

#include "sparse.h"
#include "sparse_columns.h"
#include "sparse_rows.h"

namespace bitgrad {
namespace {

// What of dOutput fits the first cache beside the weights that are on their way.
constexpr size_t panelFloats = 6144;

template <bool isBinary, typename Use>
struct Gradient {
  const SparseBatch& batch;
  size_t rows;
  Range features;
  const float* dOutput;
  WeightLayout layout;
  const Use& use;

  // So few sums would wait for each other: two features take turns. Fewer columns are too rare.
  template <size_t Count>
  static constexpr bool takesTurns = Count == sumVectors / 2 && Count * lanes >= 32;

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
    float* panel = batch.scratch.panel;
    for (size_t r = 0; r < rows; ++r) {
      copyVectors<Count>(dOutput + r * layout.width + j, panel + r * columns);
    }
    if constexpr (isBinary) {
      sumByFlags<Count>(begin, stride);
    } else {
      sumByLists<Count>(begin, stride);
    }
  }

  // Where all values are 1, a feature's rows are taken from their bits: it needs no list.
  template <size_t Count>
  BITGRAD_INLINE void sumByFlags(size_t begin, size_t stride) const {
    constexpr size_t columns = Count * lanes;
    constexpr size_t atOnce = vectorsAtOnce<Count>;
    // Copies, as for all the compiler knows the stores below could change the originals.
    const float* panel = batch.scratch.panel;
    const uint64_t* flags = batch.scratch.rowFlags;
    const Use use = this->use;
    const size_t words = wordsOf(rows);
    size_t f = features.begin;
    if constexpr (takesTurns<Count>) {
      if (rows > 0 && rows < 64) f = sumTwoByFlags<Count>(begin, stride);
    }
    for (; f < features.end; ++f) {
      if (use.skipsZeros() && areZero(flags + f * words, words)) continue;
      // As rows of wide weights are fetched in parts, processors do not foresee the next one's.
      for (size_t i = 0; f + 2 < features.end && i < columns; i += lineFloats) {
        use.prefetch((f + 2) * stride + begin + i);
      }
      for (size_t i = 0; i < columns; i += atOnce * lanes) {
        Sums<atOnce> sums;
        sums.clear();
        forPlaces(flags + f * words, words, [&](size_t row) __attribute__((always_inline)) {
          sums.template add<true>(nullptr, panel + row * columns + i);
        });
        use.vectors(f * stride + begin + i, sums);
      }
    }
  }

  // Two features at a time, of fewer rows than a word has bits: the one that has fewer adds a row of
  // zeros instead, whose bit is the next one. As a sum that began with +0 is never −0, that changes no
  // bit. Returns where the features that are left begin.
  template <size_t Count>
  BITGRAD_INLINE size_t sumTwoByFlags(size_t begin, size_t stride) const {
    constexpr size_t columns = Count * lanes;
    const uint64_t none = uint64_t{1} << rows;
    for (size_t i = 0; i < columns; ++i) batch.scratch.panel[rows * columns + i] = 0.0f;
    const float* panel = batch.scratch.panel;
    const uint64_t* flags = batch.scratch.rowFlags;
    const Use use = this->use;
    const bool usesAll = !use.skipsZeros();
    size_t f = features.begin;
    for (; f + 2 <= features.end; f += 2) {
      uint64_t left = flags[f];
      uint64_t otherLeft = flags[f + 1];
      const bool isUsed = usesAll || left != 0;
      const bool isOtherUsed = usesAll || otherLeft != 0;
      if (!isUsed && !isOtherUsed) continue;
      const size_t at = f * stride + begin;
      Sums<Count> sums;
      Sums<Count> otherSums;
      sums.clear();
      otherSums.clear();
      for (; (left | otherLeft) != 0; left &= left - 1, otherLeft &= otherLeft - 1) {
        sums.template add<true>(nullptr, panel + firstOf(left | none) * columns);
        otherSums.template add<true>(nullptr, panel + firstOf(otherLeft | none) * columns);
      }
      if (isUsed) use.vectors(at, sums);
      if (isOtherUsed) use.vectors(at + stride, otherSums);
    }
    return f;
  }

  template <size_t Count>
  BITGRAD_INLINE void sumByLists(size_t begin, size_t stride) const {
    constexpr size_t columns = Count * lanes;
    constexpr size_t atOnce = vectorsAtOnce<Count>;
    const float* panel = batch.scratch.panel;
    const FeatureLists lists = batch.scratch.features;  // a copy, as above
    const Use use = this->use;
    const auto place = [&](size_t at) __attribute__((always_inline)) {
      return lists.features[at] * stride + begin;
    };
    const auto add = [&](Sums<atOnce>& sums, size_t entry, size_t i) __attribute__((always_inline)) {
      const float* row = panel + lists.rows[entry] * columns + i;
      sums.template add<false>(lists.values + entry, row);
    };
    const auto prefetch = [&](size_t at) __attribute__((always_inline)) {
      if (at >= lists.count) return;
      for (size_t i = 0; i < columns; i += lineFloats) use.prefetch(place(at) + i);
    };
    size_t at = 0;
    if constexpr (takesTurns<Count>) {
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
    const size_t begin = layout.begin(j);
    const size_t stride = layout.stride(1);
    if constexpr (isBinary) {
      const size_t words = wordsOf(rows);
      for (size_t f = features.begin; f < features.end; ++f) {
        const uint64_t* flags = batch.scratch.rowFlags + f * words;
        if (use.skipsZeros() && areZero(flags, words)) continue;
        float sum = 0.0f;
        forPlaces(flags, words, [&](size_t row) { sum += dOutput[row * layout.width + j]; });
        use.column(f * stride + begin, sum);
      }
    } else {
      const FeatureLists& lists = batch.scratch.features;
      for (size_t at = 0; at < lists.count; ++at) {
        float sum = 0.0f;
        for (size_t entry = lists.starts[at]; entry < lists.starts[at + 1]; ++entry) {
          sum += lists.values[entry] * dOutput[lists.rows[entry] * layout.width + j];
        }
        use.column(lists.features[at] * stride + begin, sum);
      }
    }
  }
};

}  // namespace
}  // namespace bitgrad
