// What ops read and write: who may run beside or before whom hangs on it.
#pragma once

#include "entry.h"

namespace bitgrad {
namespace {

// A bit for each slice that an op writes, in the order of OpCode.
constexpr uint8_t writtenSlices[opCount] = {
    1 << 3,           // gather
    1 << 2,           // gatherTargets
    1 << 2,           // gemm
    1 << 0,           // biasAdd
    1 << 1,           // biasGrad
    1 << 0,           // activation
    1 << 1,           // activationGrad
    1 << 2 | 1 << 3,  // softmaxCrossEntropy
    1 << 1,           // softmax
    1 << 1,           // argmax
    1 << 0,           // sgd
    1 << 0 | 1 << 2,  // momentum
    1 << 0 | 1 << 2 | 1 << 3,  // adam
    1 << 1,           // dropout
    1 << 0,           // classWeights
    1 << 2 | 1 << 3,  // squaredError
    1 << 1,           // emit
    1 << 3,           // gatherAffine
    1 << 2 | 1 << 3,  // shardedGemm
    1 << 1 | 1 << 2,  // shardedBiasGrad
};

BITGRAD_INLINE bool writes(const Op& op, uint32_t field) {
  return (writtenSlices[static_cast<uint32_t>(op.code)] >> field & 1) != 0;
}

// Whether an op of the entry writes to this slice.
inline bool isWritten(const Entry& entry, uint32_t slice) {
  bool isAny = false;
  entry.forEach([&](const Op& op, uint32_t) {
    for (uint32_t field = 0; field < fieldCounts[static_cast<uint32_t>(op.code)].slices; ++field) {
      isAny = isAny || (op.slices[field] == slice && writes(op, field));
    }
  });
  return isAny;
}

// Calls visit(field of one, field of other) for each slice that both mention and one writes.
template <typename Visit>
BITGRAD_INLINE void forConflicts(const Op& one, const Op& other, const Visit& visit) {
  const auto count = [](const Op& op) { return fieldCounts[static_cast<uint32_t>(op.code)].slices; };
  for (uint32_t i = 0; i < count(one); ++i) {
    if (one.slices[i] == absent) continue;
    for (uint32_t j = 0; j < count(other); ++j) {
      const bool isSame = one.slices[i] == other.slices[j];
      if (isSame && (writes(one, i) || writes(other, j))) visit(i, j);
    }
  }
}

}  // namespace
}  // namespace bitgrad
