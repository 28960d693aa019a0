// Vectors of binary64, for sums of binary32 numbers: half as many lanes.
#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

constexpr size_t wideLanes = lanes / 2;
typedef double Wide __attribute__((vector_size(BITGRAD_VECTOR_BYTES)));
typedef float Half __attribute__((vector_size(BITGRAD_VECTOR_BYTES / 2)));

// Numbers of some channels that lie beside each other: as many as an instruction has lanes for, in
// binary64 or in binary32, or one.
struct WideLanes {
  static constexpr size_t size = wideLanes;
  typedef Half Float;
  typedef Wide Double;
  typedef float UnalignedFloat
      __attribute__((vector_size(BITGRAD_VECTOR_BYTES / 2), aligned(4), may_alias));
  typedef double UnalignedDouble
      __attribute__((vector_size(BITGRAD_VECTOR_BYTES), aligned(8), may_alias));

  BITGRAD_INLINE static Double widen(Float numbers) {
    return __builtin_convertvector(numbers, Wide);
  }
};
struct FloatLanes {
  static constexpr size_t size = lanes;
  typedef Vector Float;
  typedef Unaligned UnalignedFloat;
};
struct OneLane {
  static constexpr size_t size = 1;
  typedef float Float;
  typedef float UnalignedFloat;
  typedef double Double;
  typedef double UnalignedDouble;

  BITGRAD_INLINE static Double widen(Float number) { return static_cast<double>(number); }
};

template <typename Lanes>
BITGRAD_INLINE typename Lanes::Float loadFloats(const float* from) {
  return *reinterpret_cast<const typename Lanes::UnalignedFloat*>(from);
}
template <typename Lanes>
BITGRAD_INLINE void storeFloats(float* to, typename Lanes::Float numbers) {
  *reinterpret_cast<typename Lanes::UnalignedFloat*>(to) = numbers;
}
template <typename Lanes>
BITGRAD_INLINE void storeDoubles(double* to, typename Lanes::Double numbers) {
  *reinterpret_cast<typename Lanes::UnalignedDouble*>(to) = numbers;
}

// Calls visit.lanes<Lanes, Count>(i) for all of `length` numbers from i = 0 on, Count times as many
// as there are lanes at a time.
template <typename Lanes, size_t Count, typename Visit>
BITGRAD_INLINE void forLanes(size_t length, const Visit& visit) {
  size_t i = 0;
  for (; i + Count * Lanes::size <= length; i += Count * Lanes::size) {
    visit.template lanes<Lanes, Count>(i);
  }
  for (; i + Lanes::size <= length; i += Lanes::size) visit.template lanes<Lanes, 1>(i);
  for (; i < length; ++i) visit.template lanes<OneLane, 1>(i);
}

}  // namespace
}  // namespace bitgrad
