#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

// Zeros around an image, so that reading it needs no branches: with places beyond the border moved
// onto it, a pixel and its neighbours to the right and below are there for every place.
constexpr size_t border = 2;

BITGRAD_INLINE size_t borderedBytes(size_t height, size_t width) {
  return (height + 2 * border) * (width + 2 * border);
}

// Writes the first channel of an image [height, width, channels] inside the zeros of `bordered`.
void copyInsideBorder(const uint8_t* image, size_t height, size_t width, size_t channels,
                      uint8_t* bordered);

// The first channel of out [height, width, channels] = the image through an affine map of six
// numbers; see `GatherAffine` in ops.ts.
void mapImage(const uint8_t* bordered, size_t height, size_t width, size_t channels,
              const int32_t* map, uint8_t* out);

}  // namespace
}  // namespace bitgrad
