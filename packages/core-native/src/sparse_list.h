// From bits to where they are set, and to lists of that.
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
typedef uint32_t FourInts __attribute__((vector_size(16)));
typedef uint16_t UnalignedShorts __attribute__((vector_size(16), aligned(2), may_alias));

// How many words have a bit for each of so many places.
BITGRAD_INLINE size_t wordsOf(size_t places) { return roundUp(places, 64) / 64; }

// The least place of those whose bits are set; there must be one.
BITGRAD_INLINE size_t firstOf(uint64_t bits) { return static_cast<size_t>(__builtin_ctzll(bits)); }

// Calls visit(place) for each bit that is set, in ascending order.
template <typename Visit>
BITGRAD_INLINE void forPlaces(const uint64_t* words, size_t count, const Visit& visit) {
  for (size_t word = 0; word < count; ++word) {
    for (uint64_t left = words[word]; left != 0; left &= left - 1) visit(word * 64 + firstOf(left));
  }
}

// How far beyond its last place a list may be written to.
constexpr size_t listSlack = 8;

// Appends the places that `flags` has among the eight from `first` (in every element) on; what
// follows them is scrap. Returns how many there are.
BITGRAD_INLINE size_t appendPlaces(uint8_t flags, EightShorts first, uint16_t* list) {
  uint64_t word;
  __builtin_memcpy(&word, places.of[flags], 8);
  // Zeros between the bytes make them 16 bits wide.
  const auto found = reinterpret_cast<SixteenBytes>(TwoWords{word, 0});
  const SixteenBytes wide = __builtin_shufflevector(found, SixteenBytes{}, 0, 16, 1, 17, 2, 18, 3,
                                                    19, 4, 20, 5, 21, 6, 22, 7, 23);
  *reinterpret_cast<UnalignedShorts*>(list) = reinterpret_cast<EightShorts>(wide) + first;
  return places.count[flags];
}

// Mirrors matrices of 8×8 bits, rows as a word's bytes: byte i, bit j becomes byte j, bit i.
BITGRAD_INLINE TwoWords mirrorBits(TwoWords bits) {
  TwoWords swap = (bits ^ bits >> 7) & 0x00aa00aa00aa00aa;
  bits ^= swap ^ swap << 7;
  swap = (bits ^ bits >> 14) & 0x0000cccc0000cccc;
  bits ^= swap ^ swap << 14;
  swap = (bits ^ bits >> 28) & 0x00000000f0f0f0f0;
  return bits ^ swap ^ swap << 28;
}

// Mirrors a matrix of 8×8 bytes, rows as words: byte j of word i becomes byte i of word j. The words
// come out in pairs.
BITGRAD_INLINE void mirrorBytes(const uint64_t* words, TwoWords* mirrored) {
  EightShorts twos[4];
#pragma GCC unroll 4
  for (size_t i = 0; i < 4; ++i) {
    const auto both = reinterpret_cast<SixteenBytes>(TwoWords{words[2 * i], words[2 * i + 1]});
    twos[i] = reinterpret_cast<EightShorts>(__builtin_shufflevector(
        both, both, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15));
  }
  // Of four rows: the first four columns, then the others.
  FourInts fours[4];
#pragma GCC unroll 2
  for (size_t i = 0; i < 2; ++i) {
    const EightShorts a = twos[2 * i];
    const EightShorts b = twos[2 * i + 1];
    fours[2 * i] = reinterpret_cast<FourInts>(
        __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11));
    fours[2 * i + 1] = reinterpret_cast<FourInts>(
        __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15));
  }
#pragma GCC unroll 2
  for (size_t i = 0; i < 2; ++i) {
    const FourInts a = fours[i];
    const FourInts b = fours[i + 2];
    mirrored[2 * i] = reinterpret_cast<TwoWords>(__builtin_shufflevector(a, b, 0, 4, 1, 5));
    mirrored[2 * i + 1] = reinterpret_cast<TwoWords>(__builtin_shufflevector(a, b, 2, 6, 3, 7));
  }
}

}  // namespace
}  // namespace bitgrad
