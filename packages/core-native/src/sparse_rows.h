// From lists of the features that a row has to lists of the rows that have a feature.
#pragma once

#include "sparse.h"
#include "sparse_list.h"

namespace bitgrad {
namespace {

// Turns the flags of features by row into flags of rows by feature, for some of the features.
void mirrorFlags(const SparseBatch& batch, size_t rows, Range features) {
  const size_t blocks = roundUp(rows, 8) / 8;
  for (size_t group = features.begin / 64 * 8; group * 8 < features.end; group += 8) {
    for (size_t block = 0; block < blocks; ++block) {
      uint64_t words[8] = {};
      const size_t count = smaller(8, rows - block * 8);
      for (size_t i = 0; i < count; ++i) {
        __builtin_memcpy(words + i, batch.flags + (block * 8 + i) * batch.flagStride + group, 8);
      }
      TwoWords mirrored[4];
      mirrorBytes(words, mirrored);
#pragma GCC unroll 4
      for (size_t i = 0; i < 4; ++i) {
        const TwoWords bits = mirrorBits(mirrored[i]);
        uint64_t* to = batch.scratch.rowFlags + (group + 2 * i) * blocks + block;
        to[0] = bits[0];
        to[blocks] = bits[1];
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

// Turns a run of features' flags into lists of the rows in which they are not 0, once for all
// columns.
template <bool isBinary>
void listRows(const SparseBatch& batch, size_t rows, Range features, bool skipsZeros,
              FeatureLists& lists) {
  const size_t blocks = roundUp(rows, 8) / 8;
  uint16_t* listed = lists.rows;
  size_t used = 0;
  uint32_t count = 0;
  const auto append = [&](const uint8_t* flags, size_t block) __attribute__((always_inline)) {
    const EightShorts first = EightShorts{} + static_cast<uint16_t>(block * 8);
    used += appendPlaces(flags[block * 8], first, listed + used);
  };
  for (size_t group = features.begin; group < features.end; group += 8) {
    const uint64_t* words = batch.scratch.rowFlags + group / 8 * blocks;
    if (skipsZeros && areZero(words, blocks)) continue;
    const auto* flags = reinterpret_cast<const uint8_t*>(words);
    const size_t end = smaller(group + 8, features.end);
    for (size_t f = group; f < end; ++f, ++flags) {
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
  if constexpr (!isBinary) {
    // As features ascend, each row's values come in their order.
    size_t* cursors = batch.scratch.cursors;
    for (size_t at = 0; at < used; ++at) {
      const size_t r = lists.rows[at];
      lists.values[at] = batch.values[cursors[r]++];
    }
  }
  lists.starts[count] = static_cast<uint32_t>(used);
  lists.count = count;
}

}  // namespace
}  // namespace bitgrad
