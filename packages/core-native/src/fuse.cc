#include "fuse.h"

#include "gather.h"
#include "sparse.h"

namespace bitgrad {
namespace {

bool isFirstForward(const Op& product, const Op& gather) {
  const uint32_t* numbers = product.numbers;
  return product.code == OpCode::gemm && product.slices[0] == gather.slices[3] &&
         numbers[0] == rowsDimension && numbers[1] != rowsDimension &&
         numbers[2] == gather.numbers[1] && numbers[3] == 0 && numbers[4] == 0;
}

bool isFirstGradient(const Op& product, const Op& gather) {
  const uint32_t* numbers = product.numbers;
  return product.code == OpCode::gemm && product.slices[0] == gather.slices[3] &&
         numbers[0] == gather.numbers[1] && numbers[1] != rowsDimension &&
         numbers[2] == rowsDimension && numbers[3] == 1 && numbers[4] == 0;
}

bool isFirstShardedGradient(const Op& product, const Op& gather) {
  return product.code == OpCode::shardedGemm && product.slices[0] == gather.slices[3] &&
         product.numbers[0] == gather.numbers[1];
}

bool isReadSparsely(const Entry& entry, const Op& gather, uint32_t gatherIndex) {
  if (gather.numbers[1] > largestSparseSize || entry.batchSize() >= largestSparseSize) return false;
  const uint32_t input = gather.slices[3];
  bool isRead = false;
  bool isReadOtherwise = false;
  entry.forEach([&](const Op& op, uint32_t index) {
    if (index == gatherIndex || !op.mentions(input)) return;
    const bool isProduct = isFirstForward(op, gather) || isFirstGradient(op, gather) ||
                           isFirstShardedGradient(op, gather);
    const bool isOnlyA = isProduct && !op.mentions(input, 1);
    if (isOnlyA && index > gatherIndex) {
      isRead = true;
    } else {
      isReadOtherwise = true;
    }
  });
  return isRead && !isReadOtherwise;
}

bool findUpdate(const Entry& entry, const Op& gradient, uint32_t gradientIndex, Op* update,
                uint32_t* updateIndex) {
  const uint32_t slice = gradient.slices[2];
  bool isFound = false;
  bool isReadElsewhere = false;
  entry.forEach([&](const Op& op, uint32_t index) {
    if (index == gradientIndex || !op.mentions(slice)) return;
    const bool isPlainUpdate = op.code == OpCode::sgd && index > gradientIndex &&
                               op.slices[1] == slice && op.slices[0] != slice &&
                               op.numbers[0] == gradient.numbers[0] * gradient.numbers[1] &&
                               op.numbers[1] << 1 == 0;
    if (isPlainUpdate && !isFound) {
      isFound = true;
      *update = op;
      *updateIndex = index;
    } else {
      isReadElsewhere = true;
    }
  });
  if (!isFound || isReadElsewhere) return false;
  // The weights change earlier than the entry says, so nobody may look in between.
  entry.forEach([&](const Op& op, uint32_t index) {
    if (index < gradientIndex || index >= *updateIndex) return;
    isReadElsewhere = isReadElsewhere || op.mentions(update->slices[0]);
  });
  return !isReadElsewhere;
}

}  // namespace
}  // namespace bitgrad
