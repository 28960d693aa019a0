// A plan: an entry's ops, each bound to memory and to a function that runs it.
#pragma once

#include "entry.h"

namespace bitgrad {
namespace {

struct GemmScratch;

struct Range {
  size_t begin;
  size_t end;
  size_t size() const { return end - begin; }
};

// Where a step stands in its pass (see the legend in ops.ts), and which thread looks at it.
struct Place {
  size_t rows;
  size_t position;
  size_t step;
  // Rows of the pass.
  size_t count;
  // Which of how many threads this is.
  size_t member;
  size_t members;
  // The member's own, for products.
  GemmScratch* scratch;
  // Rows of the whole step, of which these may be a part, and how many come before these.
  size_t whole;
  size_t before;
  // The member's share of the step's rows, or a few of these.
  Range own;
  // Whether `own` begins with the first of the member's rows.
  bool isFirst;
  // Whom to meet inside an op, or null: a member alone.
  Team* team;
};

// The member's share of `total` things, of which each `unit` must stay together.
BITGRAD_INLINE Range shareOf(size_t total, size_t unit, const Place& place) {
  if (place.members == 1) return {0, total};
  const size_t units = (total + unit - 1) / unit;
  const size_t begin = units * place.member / place.members * unit;
  const size_t end = units * (place.member + 1) / place.members * unit;
  return {smaller(begin, total), smaller(end, total)};
}

// Values of which each thread writes its own must not share a cache line.
constexpr size_t lineFloats = 16;
constexpr size_t rowsTogether = 8;

// The rows that an op is run for where it treats each for itself.
BITGRAD_INLINE Range rowsOf(const Place& place) { return place.own; }

struct Plan {
  uint32_t batchSize;
  uint32_t length;
  Op* ops;
  uint64_t multiplications;
  GemmScratch* scratch;  // [members]
  bool knowsParts;
};

// Memory that JavaScript may write at any moment is read once, so that what was checked is what is
// used.
template <typename Word>
BITGRAD_INLINE Word readOnce(const Word* from) {
  return __atomic_load_n(from, __ATOMIC_RELAXED);
}

// Hands out parts of the caller's memory, cache lines at least; with none given it only counts.
class Allocator {
 public:
  explicit Allocator(unsigned char* memory) : memory_(memory) {}

  // Returns null where there is no memory.
  template <typename T>
  T* allocate(size_t count) {
    const uint64_t at = used_;
    used_ += (uint64_t{count} * sizeof(T) + 63) / 64 * 64;
    return memory_ == nullptr ? nullptr : reinterpret_cast<T*>(memory_ + at);
  }

  // More than addresses reach counts as all that they reach, which nobody has.
  size_t used() const { return used_ > SIZE_MAX ? SIZE_MAX : static_cast<size_t>(used_); }

 private:
  unsigned char* memory_;
  uint64_t used_ = 0;
};

// See `Kernels`.
size_t bind(const uint32_t* words, size_t count, unsigned char* arena, const unsigned char* samples,
            unsigned char* memory, size_t members);
StepSize stepSize(const unsigned char* plan);
Status run(const unsigned char* plan, Control start, uint32_t steps, uint32_t* control,
           const uint32_t* cancel, Team* team, size_t member);

}  // namespace
}  // namespace bitgrad
