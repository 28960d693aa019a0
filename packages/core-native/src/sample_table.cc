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

// Fills the sample's part of the table. Returns where its list ends, or null where it would end beyond
// `limit`, of which there is no danger as long as values are those that were counted.
template <bool isBounded>
uint16_t* listSample(const uint8_t* values, size_t features, size_t width, uint16_t* list,
                     const uint16_t* limit, uint16_t* columns, uint8_t* bits) {
  uint16_t* end = list;
  const auto append = [&](uint8_t flags, size_t first) {
    if (isBounded && places.count[flags] > limit - end) return false;
    bits[first / 8] = flags;
    end += appendPlaces(flags, EightShorts{} + static_cast<uint16_t>(first), end);
    return true;
  };
  size_t f = 0;
  for (; f + 8 <= features; f += 8) {
    if (!append(nonZeroFlags(values + f), f)) return nullptr;
  }
  if (f < features) {
    uint8_t last[8] = {};
    __builtin_memcpy(last, values + f, features - f);
    if (!append(nonZeroFlags(last), f)) return nullptr;
  }
  if (width != 0) findColumns(list, end, width, columns);
  return end;
}

// How many samples so many bytes are, at least one. Samples may have no features.
size_t samplesIn(const SampleBytes& samples, size_t bytes) {
  if (samples.features == 0) return samples.count;
  return bytes < samples.features ? 1 : bytes / samples.features;
}

// Where a table's parts lie.
struct TableParts {
  SampleTable* table;
  uint32_t* starts;
  uint16_t* columns;
  uint8_t* bits;
  size_t bitStride;
  uint16_t* lists;
};

TableParts placeTable(const SampleBytes& samples, size_t values, Allocator& allocator) {
  const size_t bitStride = roundUp(samples.features, 64) / 8 + 2 * bitSlack;
  return {allocator.allocate<SampleTable>(1),
          allocator.allocate<uint32_t>(samples.count + 1),
          allocator.allocate<uint16_t>(2 * samples.count),
          allocator.allocate<uint8_t>(samples.count * bitStride),
          bitStride,
          // Eight are copied at once.
          allocator.allocate<uint16_t>(values + listSlack)};
}

bool countValues(const SampleBytes& samples, size_t bytes, TableProgress& progress) {
  const size_t count = smaller(samplesIn(samples, bytes), samples.count - progress.counted);
  progress.values += countOthers(samples.values + progress.counted * samples.features,
                                 count * samples.features);
  progress.counted += count;
  return progress.counted == samples.count;
}

size_t tableBytes(const SampleBytes& samples, size_t values) {
  Allocator allocator(nullptr);
  placeTable(samples, values, allocator);
  return allocator.used();
}

bool fillTable(const SampleBytes& samples, size_t bytes, unsigned char* memory,
               TableProgress& progress) {
  Allocator allocator(memory);
  const TableParts parts = placeTable(samples, progress.values, allocator);
  const auto& [values, all, features, width] = samples;
  const uint16_t* limit = parts.lists + progress.values;
  if (progress.listed == 0) parts.starts[0] = 0;
  uint16_t* list = parts.lists + parts.starts[progress.listed];
  const size_t end = progress.listed + smaller(samplesIn(samples, bytes), all - progress.listed);
  for (size_t sample = progress.listed; sample < end; ++sample) {
    uint8_t* bits = parts.bits + sample * parts.bitStride;
    __builtin_memset(bits, 0, parts.bitStride);
    const auto fill = static_cast<size_t>(limit - list) < features ? listSample<true> : listSample<false>;
    list = fill(values + sample * features, features, width, list, limit,
                parts.columns + 2 * sample, bits + bitSlack);
    if (list == nullptr) break;
    parts.starts[sample + 1] = static_cast<uint32_t>(list - parts.lists);
  }
  progress.listed = end;
  if (list != nullptr && end < all) return false;
  progress.isWhole = list == limit;
  if (progress.isWhole) {
    *parts.table = {values, all, features, width, parts.starts, parts.lists, parts.columns,
                    parts.bits, parts.bitStride};
  }
  return true;
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
