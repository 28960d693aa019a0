// Which values of all samples are not 0: listed once for samples that will not change any more.
#pragma once

#include "program.h"

namespace bitgrad {
namespace {

struct SampleTable {
  // What it is made of, so that plans that read the same samples can share it.
  const uint8_t* samples;  // [count, features]
  size_t count;
  size_t features;
  // Of the samples as images, or 0 where they are not moved.
  size_t width;

  const uint32_t* starts;  // [count + 1], where the sample's features begin in `lists`
  const uint16_t* lists;
  // [count, 2], the least and the greatest column of an image in which a value is not 0.
  const uint16_t* columns;
  // [count, bitStride], the lists as bits, with room for a shift on either side.
  const uint8_t* bits;
  size_t bitStride;

  size_t lengthOf(size_t sample) const { return starts[sample + 1] - starts[sample]; }
};

// Bytes of zeros on either side of a sample's bits, and by how many bits they can be moved.
constexpr size_t bitSlack = 16;
constexpr int64_t farthestMove = 64;

// What a table is made of.
struct SampleBytes {
  const uint8_t* values;  // [count, features]
  size_t count;
  size_t features;
  // See `SampleTable`.
  size_t width;
};

// Counts how many values of the next samples, of about so many bytes, are not 0. Returns whether these were the last.
bool countValues(const SampleBytes& samples, size_t bytes, TableProgress& progress);

// Bytes that a table of so many values takes.
size_t tableBytes(const SampleBytes& samples, size_t values);

// Lists the values of the next samples in a table's memory. Returns whether that was all; then `isWhole` says whether
// the samples still were those that were counted.
bool fillTable(const SampleBytes& samples, size_t bytes, unsigned char* memory,
               TableProgress& progress);

// Whether the image is still whole when moved by these columns and rows, and they are not too many.
BITGRAD_INLINE bool staysInside(const SampleTable& table, size_t sample, int64_t dx, int64_t dy) {
  const size_t length = table.lengthOf(sample);
  if (length == 0 || (dx == 0 && dy == 0)) return true;
  const auto width = static_cast<int64_t>(table.width);
  const uint16_t* list = table.lists + table.starts[sample];
  const uint16_t* columns = table.columns + 2 * sample;
  const int64_t delta = dy * width + dx;
  if (delta < -farthestMove || delta > farthestMove) return false;
  const int64_t first = list[0] + dy * width;
  const int64_t last = list[length - 1] + dy * width;
  return columns[0] + dx >= 0 && columns[1] + dx < width && first >= 0 &&
         last < static_cast<int64_t>(table.features);
}

// Writes the sample's features, moved by `delta`, to `list`, which has slack for more. Returns how
// many they are.
size_t copyList(const SampleTable& table, size_t sample, int64_t delta, uint16_t* list);

// Writes the sample's bits, moved by `delta`, to `flags`: whole words.
void copyFlags(const SampleTable& table, size_t sample, int64_t delta, uint8_t* flags);

}  // namespace
}  // namespace bitgrad
