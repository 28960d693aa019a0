#include "fuse.h"

#include "access.h"
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

bool isUpdate(const Op& op) {
  return op.code == OpCode::sgd || op.code == OpCode::momentum || op.code == OpCode::adam;
}

// The place of the update that alone reads what the product at `index` makes, and that might as well
// be there; or `absent`.
uint32_t findUpdate(const Entry& entry, const Op& product, uint32_t index) {
  const uint32_t gradient = product.slices[2];
  uint32_t found = absent;
  Op update{};
  bool isReadElsewhere = false;
  entry.forEach([&](const Op& op, uint32_t at) {
    if (at == index || !op.mentions(gradient)) return;
    const bool isOwn = isUpdate(op) && at > index && found == absent && op.slices[1] == gradient &&
                       op.slices[0] != gradient && !op.mentions(gradient, 2) &&
                       op.numbers[0] == product.numbers[0] * product.numbers[1];
    isReadElsewhere = isReadElsewhere || !isOwn;
    if (!isOwn) return;
    found = at;
    update = op;
  });
  if (found == absent || isReadElsewhere) return absent;
  bool isInTheWay = false;
  entry.forEach([&](const Op& op, uint32_t at) {
    if (at < index || at >= found) return;
    forConflicts(op, update, [&](uint32_t, uint32_t field) {
      isInTheWay = isInTheWay || update.slices[field] != gradient;
    });
  });
  return isInTheWay ? absent : found;
}

Status runNothing(const BoundOp&, const Place&) { return done; }

void bindUpdates(const Entry& entry, BoundOp* ops) {
  entry.forEach([&](const Op& op, uint32_t index) {
    const bool isGradient = op.code == OpCode::gemm && op.numbers[0] != rowsDimension &&
                            op.numbers[1] != rowsDimension && op.numbers[2] == rowsDimension;
    const uint32_t found = isGradient ? findUpdate(entry, op, index) : absent;
    if (found == absent) return;
    ops[index].update = &ops[found];
    ops[found].run = runNothing;
  });
}

}  // namespace
}  // namespace bitgrad
