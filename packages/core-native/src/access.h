// What ops read and write: who may run beside or before whom hangs on it.
#pragma once

#include "entry.h"

namespace bitgrad {
namespace {

// Whether an op of the entry writes to this slice.
inline bool isWritten(const Entry& entry, const void* slice) {
  bool isAny = false;
  entry.forEach([&](const Op& op, uint32_t) {
    for (uint32_t field = 0; field < factsOf(op).slices; ++field) {
      isAny = isAny || (op.slice<void>(field) == slice && factsOf(op).of[field].isWritten);
    }
  });
  return isAny;
}

// Calls visit(field of one, field of other) for each slice that both mention and one writes.
template <typename Visit>
BITGRAD_INLINE void forConflicts(const Op& one, const Op& other, const Visit& visit) {
  for (uint32_t i = 0; i < factsOf(one).slices; ++i) {
    if (one.fields[i] == absent) continue;
    for (uint32_t j = 0; j < factsOf(other).slices; ++j) {
      const bool isSame = one.fields[i] == other.fields[j];
      const bool isChanged = factsOf(one).of[i].isWritten || factsOf(other).of[j].isWritten;
      if (isSame && isChanged) visit(i, j);
    }
  }
}

}  // namespace
}  // namespace bitgrad
