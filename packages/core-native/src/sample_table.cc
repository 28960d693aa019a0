#include "sample_table.h"

#include "nonzero.h"
#include "sparse_list.h"

namespace bitgrad {
namespace {

size_t countOthers(const uint8_t* values, size_t length) {
  size_t count = 0;
  for (size_t i = 0; i < length; ++i) count += values[i] != 0 ? 1 : 0;
  return count;
}

// The least and the greatest column of the places listed.
void findColumns(const uint16_t* list, const uint16_t* end, size_t width, uint16_t* columns) {
  uint16_t least = 0xffff;
  uint16_t greatest = 0;
  // Places ascend, so rows do: no division is needed.
  size_t row = 0;
  for (; list < end; ++list) {
    while (*list >= row + width) row += width;
    const auto column = static_cast<uint16_t>(*list - row);
    least = column < least ? column : least;
    greatest = column > greatest ? column : greatest;
  }
  columns[0] = least;
  columns[1] = greatest;
}

// Fills the sample's part of the table. Returns where the next one's list begins.
uint32_t listSample(const uint8_t* values, size_t features, size_t width, uint16_t* lists,
                    uint32_t start, uint16_t* columns, uint8_t* bits) {
  uint16_t* end = lists + start;
  const auto append = [&](uint8_t flags, size_t first) {
    bits[first / 8] = flags;
    end += appendPlaces(flags, EightShorts{} + static_cast<uint16_t>(first), end);
  };
  size_t f = 0;
  for (; f + 8 <= features; f += 8) append(nonZeroFlags(values + f), f);
  if (f < features) {
    uint8_t last[8] = {};
    __builtin_memcpy(last, values + f, features - f);
    append(nonZeroFlags(last), f);
  }
  if (width != 0) findColumns(lists + start, end, width, columns);
  return static_cast<uint32_t>(end - lists);
}

SampleTable* makeSampleTable(const uint8_t* samples, size_t count, size_t features, size_t width,
                             Allocator& allocator) {
  const size_t bitStride = roundUp(features, 64) / 8 + 2 * bitSlack;
  SampleTable* table = allocator.allocate<SampleTable>(1);
  uint32_t* starts = allocator.allocate<uint32_t>(count + 1);
  uint16_t* columns = allocator.allocate<uint16_t>(2 * count);
  uint8_t* bits = allocator.allocate<uint8_t>(count * bitStride);
  // Eight are copied at once.
  uint16_t* lists = allocator.allocate<uint16_t>(countOthers(samples, count * features) + listSlack);
  if (table == nullptr) return nullptr;
  __builtin_memset(bits, 0, count * bitStride);
  uint32_t start = 0;
  for (size_t sample = 0; sample < count; ++sample) {
    starts[sample] = start;
    start = listSample(samples + sample * features, features, width, lists, start,
                       columns + 2 * sample, bits + sample * bitStride + bitSlack);
  }
  starts[count] = start;
  *table = {samples, count, features, width, starts, lists, columns, bits, bitStride};
  return table;
}

size_t copyList(const SampleTable& table, size_t sample, int64_t delta, uint16_t* list) {
  const uint16_t* from = table.lists + table.starts[sample];
  const size_t length = table.lengthOf(sample);
  const auto moved = static_cast<uint16_t>(delta);
  for (size_t t = 0; t < length; t += listSlack) {
    const EightShorts eight = *reinterpret_cast<const UnalignedShorts*>(from + t);
    *reinterpret_cast<UnalignedShorts*>(list + t) = eight + moved;
  }
  return length;
}

void copyFlags(const SampleTable& table, size_t sample, int64_t delta, uint8_t* flags) {
  const uint8_t* bits = table.bits + sample * table.bitStride + bitSlack;
  const int64_t bit = -delta;
  bits += bit >> 3;
  const auto shift = static_cast<unsigned>(bit & 7);
  for (size_t i = 0; i * 8 < table.features; i += 8) {
    uint64_t word;
    __builtin_memcpy(&word, bits + i, 8);
    // A word may begin at any of a byte's bits, and then ends in a ninth byte.
    word = word >> shift | uint64_t{bits[i + 8]} << 1 << (63 - shift);
    __builtin_memcpy(flags + i, &word, 8);
  }
}

}  // namespace
}  // namespace bitgrad
