// An op of an entry: its plan and its fields as encode.ts in @bitgrad/core writes them and, once it is
// bound, what runs it. ops.h, which the build makes, has the fields of each op by their names.
#pragma once

#include "kernels.h"
#include "vector.h"

namespace bitgrad {
namespace {

enum class OpCode : uint32_t;
struct Place;

constexpr uint32_t absent = 0xffffffff;
constexpr uint32_t rowsDimension = 0xffffffff;

// Which part of a product's result a member computes.
enum class Split : uint8_t { rows, columns };

// What an op is to a gather of samples that may be listed.
enum class FirstRole : uint8_t { none, gather, forward, gradient, shardedGradient };

// What plan.ts in @bitgrad/core has worked out of an op. Places are those among the entry's ops.
struct OpPlan {
  uint32_t flags;
  // Of the update that the op makes of its gradient on the way, or `absent`.
  uint32_t update;
  uint32_t gather;
  // Of the forward product whose weights the members keep in panels, or `absent`.
  uint32_t panels;
  // How many ops from this one on may be run together for `blockRows` rows at a time, or 0.
  uint32_t blockLength;
  uint32_t blockRows;

  Split split() const { return static_cast<Split>(flags & 1); }
  // Whether members must meet before it.
  bool meets() const { return (flags & 2) != 0; }
  // Whether it is an update that has been made on the way.
  bool isMade() const { return (flags & 4) != 0; }
  // Whether a gather's samples have a gradient to make.
  bool isTrained() const { return (flags & 8) != 0; }
  FirstRole role() const { return static_cast<FirstRole>(flags >> 4); }
};

struct Op {
  OpCode code;
  const OpPlan* plan;
  const uint32_t* fields;
  unsigned char* arena;
  // What is gathered from and does not lie in the arena, or null.
  const unsigned char* samples;

  Status (*run)(const Op& op, const Place& place);
  // Called at the end of a run, whether it got so far or not; or null.
  void (*finish)(const Op& op, const Place& place);
  // What the op shares with others or keeps beyond the arena; its function knows the type.
  void* own;
  // The update that the op makes of its gradient on the way, or null.
  const Op* update;
  // Whether members must meet before it.
  bool meets;

  template <typename T>
  BITGRAD_INLINE T* slice(size_t field) const {
    return reinterpret_cast<T*>(arena + fields[field]);
  }

  // A field of kind `samples`: units of 64 bytes, and in the highest bit whether it lies apart.
  template <typename T>
  BITGRAD_INLINE const T* samplesAt(size_t field) const {
    const uint32_t at = fields[field];
    const unsigned char* from = (at >> 31) != 0 ? samples : arena;
    return reinterpret_cast<const T*>(from + static_cast<size_t>(uint64_t{at & 0x7fffffff} * 64));
  }
};

// A field of kind `double`: two words, the low one first, as every processor has them that this is for.
BITGRAD_INLINE double doubleAt(const uint32_t* words) {
  double value;
  __builtin_memcpy(&value, words, sizeof(value));
  return value;
}

}  // namespace
}  // namespace bitgrad
