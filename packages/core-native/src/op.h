// An op of an entry: its fields as encode.ts in @bitgrad/core writes them and, once it is bound, what
// runs it. ops.h, which the build makes, has the fields of each op by their names.
#pragma once

#include "kernels.h"
#include "vector.h"

namespace bitgrad {
namespace {

enum class OpCode : uint32_t;
struct Place;

constexpr uint32_t absent = 0xffffffff;
constexpr uint32_t rowsDimension = 0xffffffff;

// Which rows of a slice an op needs for some rows of the step (operands.ts): as many from the same
// place of the step or of the pass, or any.
enum class Rows : uint8_t { none, step, pass };

struct SliceFacts {
  bool isWritten;
  Rows rows;
  // Elements of a row; null with `Rows::none`.
  uint64_t (*width)(const uint32_t* fields);
};

// Slices come first among the fields.
struct OpFacts {
  uint32_t slices;
  uint32_t fields;
  SliceFacts of[8];
};

// Which part of a product's result a member computes.
enum class Split : uint8_t { rows, columns };

struct Op {
  OpCode code;
  const uint32_t* fields;
  unsigned char* arena;

  Status (*run)(const Op& op, const Place& place);
  // Called at the end of a run, whether it got so far or not; or null.
  void (*finish)(const Op& op, const Place& place);
  // What the op shares with others or keeps beyond the arena; its function knows the type.
  void* own;
  // The update that the op makes of its gradient on the way, or null.
  const Op* update;
  // How the members share a product.
  Split split;
  // Whether members must meet before it.
  bool meets;

  template <typename T>
  BITGRAD_INLINE T* slice(size_t field) const {
    return reinterpret_cast<T*>(arena + fields[field]);
  }
};

}  // namespace
}  // namespace bitgrad
