// Sums over a batch that are cut into shards: each is summed from +0, then the sums are added.
#pragma once

#include "gemm.h"
#include "program.h"

namespace bitgrad {
namespace {

// The first row of a shard.
BITGRAD_INLINE size_t firstRowOf(size_t shard, size_t rows, size_t shards) {
  return shard * rows / shards;
}

// Adds the shards' sums in their order: sum(first, end, out) writes that over the rows from `first`
// to `end` (exclusive).
template <typename Sum>
BITGRAD_INLINE void addShards(const Sum& sum, float* total, float* partial, size_t length,
                              size_t rows, size_t shards) {
  sum(0, firstRowOf(1, rows, shards), total);
  for (size_t shard = 1; shard < shards; ++shard) {
    sum(firstRowOf(shard, rows, shards), firstRowOf(shard + 1, rows, shards), partial);
    for (size_t i = 0; i < length; ++i) total[i] = total[i] + partial[i];
  }
}

// By dense products.
Status runOp(const ShardedGemm& op, const Place& place);

}  // namespace
}  // namespace bitgrad
