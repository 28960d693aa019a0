#include "affine.h"

namespace bitgrad {
namespace {

void copyInsideBorder(const uint8_t* image, size_t height, size_t width, size_t channels,
                      uint8_t* bordered) {
  const size_t stride = width + 2 * border;
  for (size_t row = 0; row < height; ++row) {
    uint8_t* to = bordered + (row + border) * stride + border;
    const uint8_t* from = image + row * width * channels;
    if (channels == 1) __builtin_memcpy(to, from, width);
    else for (size_t x = 0; x < width; ++x) to[x] = from[x * channels];
  }
}

// A coordinate's whole part, counted from the border's first pixel and moved onto the border where
// it lies beyond.
BITGRAD_INLINE int64_t placeOf(int64_t coordinate, int64_t size) {
  constexpr int64_t before = border;
  const int64_t whole = (coordinate >> 16) + before;
  const int64_t atLeast = whole < 0 ? 0 : whole;
  return atLeast > size + before ? size + before : atLeast;
}

// The part after the point, 8 bits of it.
BITGRAD_INLINE int32_t weightOf(int64_t coordinate) {
  return static_cast<int32_t>(coordinate >> 8 & 0xff);
}

// No sum of coordinates overflows, whatever the map: images have fewer than 2^31 pixels.
void mapImage(const uint8_t* __restrict bordered, size_t height, size_t width, size_t channels,
              const int32_t* __restrict map, uint8_t* __restrict out) {
  const int64_t rows = static_cast<int64_t>(height);
  const int64_t columns = static_cast<int64_t>(width);
  const int64_t stride = columns + 2 * static_cast<int64_t>(border);
  const int64_t horizontal = map[0];
  const int64_t vertical = map[3];
  for (int64_t y = 0; y < rows; ++y, out += width * channels) {
    int64_t u = int64_t{map[1]} * y + map[2];
    int64_t v = int64_t{map[4]} * y + map[5];
    for (int64_t x = 0; x < columns; ++x, u += horizontal, v += vertical) {
      const uint8_t* pixel = bordered + placeOf(v, rows) * stride + placeOf(u, columns);
      const uint8_t* below = pixel + stride;
      const int32_t right = weightOf(u);
      const int32_t down = weightOf(v);
      // The four products of the equation with fewer multiplications: integers lose nothing.
      const int32_t upper = pixel[0] * 256 + right * (pixel[1] - pixel[0]);
      const int32_t lower = below[0] * 256 + right * (below[1] - below[0]);
      const int32_t sum = upper * 256 + down * (lower - upper);
      out[static_cast<size_t>(x) * channels] = static_cast<uint8_t>((sum + 0x8000) >> 16);
    }
  }
}

}  // namespace
}  // namespace bitgrad
