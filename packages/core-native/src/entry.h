// Reads an entry as encode.ts in @bitgrad/core writes it: [batchSize, number of ops], then for each
// op its length in words, its code and its fields.
#pragma once

#include "ops.h"

namespace bitgrad {
namespace {

BITGRAD_INLINE const OpFacts& factsOf(const Op& op) {
  return opFacts[static_cast<uint32_t>(op.code)];
}

// Whether one of the op's slices from field `first` on is this one.
BITGRAD_INLINE bool mentions(const Op& op, const void* slice, uint32_t first = 0) {
  for (uint32_t i = first; i < factsOf(op).slices; ++i) {
    if (op.fields[i] != absent && op.slice<unsigned char>(i) == slice) return true;
  }
  return false;
}

struct Entry {
  const uint32_t* words;
  unsigned char* arena;

  uint32_t batchSize() const { return words[0]; }
  uint32_t length() const { return words[1]; }

  // Calls visit(op, index) for each op, in order.
  template <typename Visit>
  BITGRAD_INLINE void forEach(const Visit& visit) const {
    const uint32_t* at = words + 2;
    for (uint32_t i = 0; i < length(); ++i, at += at[0]) {
      Op op{};
      op.code = static_cast<OpCode>(at[1]);
      op.fields = at + 2;
      op.arena = arena;
      visit(op, i);
    }
  }
};

// Whether the words are an entry that this version understands, to the last word.
inline bool isEntry(const uint32_t* words, size_t count) {
  if (count < 2) return false;
  size_t at = 2;
  for (uint32_t i = 0; i < words[1]; ++i) {
    if (count - at < 2 || words[at + 1] >= opCount) return false;
    const uint32_t length = 2 + opFacts[words[at + 1]].fields;
    if (words[at] != length || count - at < length) return false;
    at += length;
  }
  return at == count;
}

}  // namespace
}  // namespace bitgrad
