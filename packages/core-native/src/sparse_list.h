// From bits to lists of where they are set.
#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

// For each byte, the places of its bits that are set, then zeros; and how many there are.
struct Places {
  uint8_t of[256][8] = {};
  uint8_t count[256] = {};
  constexpr Places() {
    for (int flags = 0; flags < 256; ++flags) {
      for (uint8_t bit = 0; bit < 8; ++bit) {
        if ((flags >> bit & 1) != 0) of[flags][count[flags]++] = bit;
      }
    }
  }
};
constexpr Places places;

typedef uint8_t SixteenBytes __attribute__((vector_size(16)));
typedef uint64_t TwoWords __attribute__((vector_size(16)));
typedef uint16_t EightShorts __attribute__((vector_size(16)));
typedef uint16_t UnalignedShorts __attribute__((vector_size(16), aligned(2), may_alias));

// How far beyond its last place a list may be written to.
constexpr size_t listSlack = 8;

// Appends the places that `flags` has among the eight from `first` on; what follows them is scrap.
// Returns how many there are.
BITGRAD_INLINE size_t appendPlaces(uint8_t flags, size_t first, uint16_t* list) {
  uint64_t word;
  __builtin_memcpy(&word, places.of[flags], 8);
  // Zeros between the bytes make them 16 bits wide.
  const auto found = reinterpret_cast<SixteenBytes>(TwoWords{word, 0});
  const SixteenBytes wide = __builtin_shufflevector(found, SixteenBytes{}, 0, 16, 1, 17, 2, 18, 3,
                                                    19, 4, 20, 5, 21, 6, 22, 7, 23);
  *reinterpret_cast<UnalignedShorts*>(list) =
      reinterpret_cast<EightShorts>(wide) + static_cast<uint16_t>(first);
  return places.count[flags];
}

// Mirrors a matrix of 8×8 bits, rows as bytes: byte i, bit j becomes byte j, bit i.
BITGRAD_INLINE uint64_t mirrorBits(uint64_t bits) {
  uint64_t swap = (bits ^ bits >> 7) & 0x00aa00aa00aa00aa;
  bits ^= swap ^ swap << 7;
  swap = (bits ^ bits >> 14) & 0x0000cccc0000cccc;
  bits ^= swap ^ swap << 14;
  swap = (bits ^ bits >> 28) & 0x00000000f0f0f0f0;
  return bits ^ swap ^ swap << 28;
}

}  // namespace
}  // namespace bitgrad
