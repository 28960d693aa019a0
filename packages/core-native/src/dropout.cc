#include "program.h"

namespace bitgrad {
namespace {

// Blocks of four words that are made at once: vectors run across them.
constexpr size_t blocksAtOnce = 16;
constexpr size_t wordsAtOnce = 4 * blocksAtOnce;

// What all of a step's random words have in common.
struct DropoutPlace {
  uint32_t key0;
  uint32_t key1;
  uint32_t layer;
  uint32_t step;
};

// The words of the blocks from `firstBlock` on, by Philox4x32-10 (random/philox.ts).
BITGRAD_INLINE void randomWords(const DropoutPlace& place, uint32_t firstBlock, uint32_t* words) {
  constexpr uint32_t purpose = 6;
  uint32_t x0[blocksAtOnce];
  uint32_t x1[blocksAtOnce];
  uint32_t x2[blocksAtOnce];
  uint32_t x3[blocksAtOnce];
  for (size_t i = 0; i < blocksAtOnce; ++i) {
    x0[i] = firstBlock + static_cast<uint32_t>(i);
    x1[i] = place.layer;
    x2[i] = place.step;
    x3[i] = purpose;
  }
  uint32_t key0 = place.key0;
  uint32_t key1 = place.key1;
  for (int round = 0; round < 10; ++round, key0 += 0x9e3779b9, key1 += 0xbb67ae85) {
    // Unrolled, it would not become vectors.
#pragma GCC unroll 1
    for (size_t i = 0; i < blocksAtOnce; ++i) {
      const uint64_t product0 = uint64_t{0xd2511f53} * x0[i];
      const uint64_t product1 = uint64_t{0xcd9e8d57} * x2[i];
      x0[i] = static_cast<uint32_t>(product1 >> 32) ^ x1[i] ^ key0;
      x1[i] = static_cast<uint32_t>(product1);
      x2[i] = static_cast<uint32_t>(product0 >> 32) ^ x3[i] ^ key1;
      x3[i] = static_cast<uint32_t>(product0);
    }
  }
  for (size_t i = 0; i < blocksAtOnce; ++i) {
    words[4 * i] = x0[i];
    words[4 * i + 1] = x1[i];
    words[4 * i + 2] = x2[i];
    words[4 * i + 3] = x3[i];
  }
}

// Of a step of which `before` elements come before these. Values are copied first, as `output` may be
// `input`.
void dropout(const float* input, float* output, Range elements, uint64_t before,
             const DropoutPlace& place, uint32_t threshold, float scale) {
  uint32_t words[wordsAtOnce];
  float values[wordsAtOnce];
  for (size_t first = elements.begin; first < elements.end;) {
    const uint64_t element = before + first;
    const size_t skipped = static_cast<size_t>(element % 4);
    const size_t count = smaller(wordsAtOnce - skipped, elements.end - first);
    randomWords(place, static_cast<uint32_t>(element / 4), words);
    for (size_t i = 0; i < count; ++i) values[i] = input[first + i];
    for (size_t i = 0; i < count; ++i) {
      output[first + i] = words[skipped + i] >= threshold ? values[i] * scale : 0.0f;
    }
    first += count;
  }
}

Status runOp(const Dropout& op, const Place& place) {
  const uint32_t* from = op.place();
  const uint32_t step = from[2] + static_cast<uint32_t>(place.step);
  const Range rows = rowsOf(place);
  dropout(op.input(), op.output(), {rows.begin * op.width(), rows.end * op.width()},
          uint64_t{place.before} * op.width(), {from[0], from[1], op.layer(), step}, op.threshold(), op.scale());
  return done;
}

}  // namespace
}  // namespace bitgrad
