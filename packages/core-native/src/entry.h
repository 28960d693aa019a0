// Reads an entry as encode.ts in @bitgrad/core writes it.
#pragma once

#include "ops.h"

namespace bitgrad {
namespace {

struct Entry {
  const uint32_t* words;
  unsigned char* arena;
  const unsigned char* samples;

  static constexpr size_t headWords = 5;
  static constexpr size_t planWords = sizeof(OpPlan) / sizeof(uint32_t);

  uint32_t batchSize() const { return words[0]; }
  uint32_t length() const { return words[1]; }
  uint64_t multiplications() const { return words[2] | uint64_t{words[3]} << 32; }
  // Whether `control` says what part of a step its rows are.
  bool knowsParts() const { return words[4] > 3; }

  // Calls visit(op, index) for each op, in order.
  template <typename Visit>
  BITGRAD_INLINE void forEach(const Visit& visit) const {
    const uint32_t* at = words + headWords;
    for (uint32_t i = 0; i < length(); ++i, at += at[0]) {
      Op op{};
      op.code = static_cast<OpCode>(at[1]);
      op.plan = reinterpret_cast<const OpPlan*>(at + 2);
      op.fields = at + 2 + planWords;
      op.arena = arena;
      op.samples = samples;
      visit(op, i);
    }
  }
};

// Whether the words are an entry that this version understands, to the last word.
inline bool isEntry(const uint32_t* words, size_t count) {
  size_t at = Entry::headWords;
  if (count < at) return false;
  for (uint32_t i = 0; i < words[1]; ++i) {
    if (count - at < 2 || words[at + 1] >= opCount) return false;
    const size_t length = 2 + Entry::planWords + fieldCounts[words[at + 1]];
    if (words[at] != length || count - at < length) return false;
    at += length;
  }
  return at == count;
}

}  // namespace
}  // namespace bitgrad
