// Vectors of binary32 as wide as this instruction set has them, by the compiler's own vector types.
// An operation on vectors is that operation on each lane, each rounded once.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __FAST_MATH__
#error "Bitgrad needs IEEE-754 arithmetic: compile without -ffast-math and -Ofast."
#endif

#define BITGRAD_INLINE [[gnu::always_inline]] inline

namespace bitgrad {
namespace {

static_assert(__FLT_EVAL_METHOD__ == 0, "each operation must round to the type it is written in");

constexpr size_t lanes = BITGRAD_VECTOR_BYTES / sizeof(float);

typedef float Vector __attribute__((vector_size(BITGRAD_VECTOR_BYTES)));
typedef float Unaligned __attribute__((vector_size(BITGRAD_VECTOR_BYTES), aligned(4), may_alias));

BITGRAD_INLINE Vector load(const float* from) { return *reinterpret_cast<const Unaligned*>(from); }

BITGRAD_INLINE void store(float* to, Vector vector) { *reinterpret_cast<Unaligned*>(to) = vector; }

// x in every lane. Subtracting +0 changes no value, −0 included, and compiles to nothing.
BITGRAD_INLINE Vector broadcast(float x) { return x - Vector{}; }

// The same with a number of lanes of its own: some processors compute on narrower vectors than their
// instructions allow, and waste the wider ones.
template <size_t count>
struct Lanes {
  typedef float Vector __attribute__((vector_size(count * sizeof(float))));
  typedef float Unaligned
      __attribute__((vector_size(count * sizeof(float)), aligned(4), may_alias));

  BITGRAD_INLINE static Vector load(const float* from) {
    return *reinterpret_cast<const Unaligned*>(from);
  }
  BITGRAD_INLINE static void store(float* to, Vector vector) {
    *reinterpret_cast<Unaligned*>(to) = vector;
  }
  BITGRAD_INLINE static Vector broadcast(float x) { return x - Vector{}; }
};

// Loads add a constant to an address for nothing. Compilers that know how an address was made add the
// constants to its parts instead, and run out of registers for them; or, for WebAssembly, they no
// longer know that the sum does not wrap around, and cannot leave it to the load.
BITGRAD_INLINE void forgetOrigin(const float*& address) { asm volatile("" : "+r"(address)); }

BITGRAD_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

BITGRAD_INLINE size_t roundUp(size_t size, size_t step) { return (size + step - 1) / step * step; }

}  // namespace
}  // namespace bitgrad
