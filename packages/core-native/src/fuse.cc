#include "fuse.h"

#include "access.h"
#include "optimizers.h"
#include "sparse.h"

namespace bitgrad {
namespace {

FirstRole roleOf(const Op& product, const Gathered& gather) {
  if (product.code == OpCode::shardedGemm) {
    const ShardedGemm gemm{product};
    const bool isFirst = gemm.a() == gather.input && gemm.m() == gather.features;
    return isFirst ? FirstRole::shardedGradient : FirstRole::otherwise;
  }
  if (product.code != OpCode::gemm) return FirstRole::otherwise;
  const Gemm gemm{product};
  if (gemm.a() != gather.input || gemm.n() == rowsDimension || gemm.transposeB()) {
    return FirstRole::otherwise;
  }
  if (gemm.m() == rowsDimension && gemm.k() == gather.features && !gemm.transposeA()) {
    return FirstRole::forward;
  }
  const bool isGradient =
      gemm.m() == gather.features && gemm.k() == rowsDimension && gemm.transposeA();
  return isGradient ? FirstRole::gradient : FirstRole::otherwise;
}

bool isReadSparsely(const Entry& entry, const Gathered& gather, uint32_t gatherIndex) {
  if (gather.features > largestSparseSize || entry.batchSize() >= largestSparseSize) return false;
  bool isRead = false;
  bool isReadOtherwise = false;
  entry.forEach([&](const Op& op, uint32_t index) {
    if (index == gatherIndex || !mentions(op, gather.input)) return;
    const bool isProduct = roleOf(op, gather) != FirstRole::otherwise;
    const bool isOnlyA = isProduct && !mentions(op, gather.input, 1);
    if (isOnlyA && index > gatherIndex) {
      isRead = true;
    } else {
      isReadOtherwise = true;
    }
  });
  return isRead && !isReadOtherwise;
}

// Whether the op is an update of as many parameters by nothing but this gradient.
bool updatesBy(const Op& op, const Gemm& product) {
  bool is = false;
  asUpdate(op, [&](const auto& rule) {
    is = rule.gradient() == product.c() && rule.parameter() != product.c() &&
         !mentions(op, product.c(), 2) && rule.length() == product.m() * product.n();
  });
  return is;
}

// The place of the update that alone reads what the product at `index` makes, and that might as well
// be there; or `absent`.
uint32_t findUpdate(const Entry& entry, const Gemm& product, uint32_t index) {
  uint32_t found = absent;
  Op update{};
  bool isReadElsewhere = false;
  entry.forEach([&](const Op& op, uint32_t at) {
    if (at == index || !mentions(op, product.c())) return;
    const bool isOwn = at > index && found == absent && updatesBy(op, product);
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
      isInTheWay = isInTheWay || update.slice<float>(field) != product.c();
    });
  });
  return isInTheWay ? absent : found;
}

Status runNothing(const Op&, const Place&) { return done; }

void bindUpdates(const Entry& entry, Op* ops) {
  entry.forEach([&](const Op& op, uint32_t index) {
    if (op.code != OpCode::gemm) return;
    const Gemm gemm{op};
    const bool isGradient = gemm.m() != rowsDimension && gemm.n() != rowsDimension &&
                            gemm.k() == rowsDimension;
    const uint32_t found = isGradient ? findUpdate(entry, gemm, index) : absent;
    if (found == absent) return;
    ops[index].update = &ops[found];
    ops[found].run = runNothing;
  });
}

}  // namespace
}  // namespace bitgrad
