// From the features that a row has to the rows that have a feature: as flags and, with their values,
// as lists.
#pragma once

#include "sparse.h"
#include "sparse_list.h"

namespace bitgrad {
namespace {

// Turns the flags of features by row into flags of rows by feature, for some of the features. Bits
// beyond the rows are 0.
void mirrorFlags(const SparseBatch& batch, size_t rows, Range features) {
  const size_t words = wordsOf(rows);
  for (size_t group = features.begin / 64 * 8; group * 8 < features.end; group += 8) {
    for (size_t word = 0; word < words; ++word) {
      // A bit for each of eight rows, of eight features a word.
      uint64_t bits[8][8] = {};
      const size_t first = word * 64;
      for (size_t row = 0; row < 64 && first + row < rows; row += 8) {
        uint64_t eight[8] = {};
        const size_t count = smaller(8, rows - first - row);
        for (size_t i = 0; i < count; ++i) {
          __builtin_memcpy(eight + i, batch.flags + (first + row + i) * batch.flagStride + group, 8);
        }
        TwoWords mirrored[4];
        mirrorBytes(eight, mirrored);
#pragma GCC unroll 4
        for (size_t i = 0; i < 4; ++i) {
          const TwoWords both = mirrorBits(mirrored[i]);
          bits[2 * i][row / 8] = both[0];
          bits[2 * i + 1][row / 8] = both[1];
        }
      }
      for (size_t eighth = 0; eighth < 8; ++eighth) {
        TwoWords mirrored[4];
        mirrorBytes(bits[eighth], mirrored);
        uint64_t* to = batch.scratch.rowFlags + (group + eighth) * 8 * words + word;
#pragma GCC unroll 4
        for (size_t i = 0; i < 4; ++i) {
          to[2 * i * words] = mirrored[i][0];
          to[(2 * i + 1) * words] = mirrored[i][1];
        }
      }
    }
  }
}

// Sets the rows' cursors to the places among all values where the features from `first` on begin.
void findPlaces(const SparseBatch& batch, size_t rows, size_t first) {
  for (size_t r = 0; r < rows; ++r) {
    const uint16_t* list = batch.lists + r * batch.listStride;
    size_t t = 0;
    while (list[t] < first) ++t;
    batch.scratch.cursors[r] = r * batch.listStride + t;
  }
}

BITGRAD_INLINE bool areZero(const uint64_t* words, size_t count) {
  uint64_t all = 0;
  for (size_t i = 0; i < count; ++i) all |= words[i];
  return all == 0;
}

// Of the usual batch of 32 rows.
constexpr size_t usualBlocks = 4;

// Turns a run of features' flags into lists of the rows in which they are not 0 and of their values,
// once for all columns.
void listRows(const SparseBatch& batch, size_t rows, Range features, bool skipsZeros,
              FeatureLists& lists) {
  const size_t blocks = roundUp(rows, 8) / 8;
  const size_t words = wordsOf(rows);
  uint16_t* listed = lists.rows;
  size_t used = 0;
  uint32_t count = 0;
  const auto append = [&](const uint8_t* flags, size_t block) __attribute__((always_inline)) {
    const EightShorts first = EightShorts{} + static_cast<uint16_t>(block * 8);
    used += appendPlaces(flags[block], first, listed + used);
  };
  for (size_t group = features.begin; group < features.end; group += 8) {
    const uint64_t* bits = batch.scratch.rowFlags + group * words;
    if (skipsZeros && areZero(bits, 8 * words)) continue;
    const size_t end = smaller(group + 8, features.end);
    for (size_t f = group; f < end; ++f, bits += words) {
      const auto* flags = reinterpret_cast<const uint8_t*>(bits);
      const size_t start = used;
      if (blocks == usualBlocks) {
#pragma GCC unroll 4
        for (size_t block = 0; block < usualBlocks; ++block) append(flags, block);
      } else {
        for (size_t block = 0; block < blocks; ++block) append(flags, block);
      }
      // A feature that is left out is written over by the next.
      lists.starts[count] = static_cast<uint32_t>(start);
      lists.features[count] = static_cast<uint16_t>(f);
      count += used > start || !skipsZeros ? 1 : 0;
    }
  }
  // As features ascend, each row's values come in their order.
  size_t* cursors = batch.scratch.cursors;
  for (size_t at = 0; at < used; ++at) {
    const size_t r = lists.rows[at];
    lists.values[at] = batch.values[cursors[r]++];
  }
  lists.starts[count] = static_cast<uint32_t>(used);
  lists.count = count;
}

}  // namespace
}  // namespace bitgrad
