#include "first_layer.h"

#include "affine.h"
#include "sparse_list.h"

namespace bitgrad {
namespace {

// Samples lie anywhere in memory: those of the rows to come are on their way while others are used.
BITGRAD_INLINE void prefetch(const void* from, size_t bytes) {
  const auto* at = static_cast<const uint8_t*>(from);
  for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch(at + i);
}

BITGRAD_INLINE void prefetchSample(const BoundOp& op, const FirstLayer& layer, const Place& place,
                                   size_t at) {
  constexpr size_t distance = 8;
  if (at + distance >= place.count) return;
  const uint32_t sample = readOnce(op.u32(1) + at + distance);
  if (sample >= op.numbers[0]) return;
  if (layer.table != nullptr) {
    const SampleTable& table = *layer.table;
    // Where a sample's list lies must be known before the list can be fetched.
    const size_t last = place.count - 1;
    const uint32_t later = readOnce(op.u32(1) + smaller(at + 2 * distance, last));
    if (later < op.numbers[0]) {
      __builtin_prefetch(table.starts + later);
      __builtin_prefetch(table.columns + 2 * later);
    }
    prefetch(table.lists + table.starts[sample], table.lengthOf(sample) * sizeof(uint16_t));
    if (layer.batch.flags != nullptr) prefetch(table.bits + sample * table.bitStride, table.bitStride);
    if (layer.batch.isBinary) return;
  }
  const size_t bytes = op.numbers[1] * (layer.preprocess == Preprocess::none ? sizeof(float) : 1);
  prefetch(op.slice<uint8_t>(0) + sample * bytes, bytes);
}

// The image through the affine map at place `at`.
const uint8_t* mapped(const BoundOp& op, const FirstLayerScratch& scratch, const uint8_t* image,
                      size_t at) {
  int32_t map[6];
  for (size_t i = 0; i < 6; ++i) map[i] = static_cast<int32_t>(readOnce(op.u32(2) + 6 * at + i));
  copyInsideBorder(image, op.numbers[2], op.numbers[3], scratch.bordered);
  mapImage(scratch.bordered, op.numbers[2], op.numbers[3], map, scratch.image);
  return scratch.image;
}

struct Shift {
  int64_t dx;
  int64_t dy;
};

// How far the image at place `at` is to be moved.
BITGRAD_INLINE Shift shiftOf(const BoundOp& op, const FirstLayerScratch& scratch, size_t at) {
  if (scratch.image == nullptr) return {0, 0};
  const uint32_t* shift = op.u32(2) + 2 * at;
  return {static_cast<int32_t>(readOnce(shift)), static_cast<int32_t>(readOnce(shift + 1))};
}

// The image as the pass wants it at place `at`.
BITGRAD_INLINE const uint8_t* moved(const BoundOp& op, const FirstLayerScratch& scratch,
                                    const uint8_t* image, size_t at) {
  if (scratch.bordered != nullptr) return mapped(op, scratch, image, at);
  const Shift shift = shiftOf(op, scratch, at);
  if (shift.dx == 0 && shift.dy == 0) return image;
  shiftImage(image, op.numbers[2], op.numbers[3], shift.dx, shift.dy, scratch.image);
  return scratch.image;
}

// Writes the values of a row that has been listed, by their bytes.
BITGRAD_INLINE void writeValues(const FirstLayer& layer, size_t row, const uint8_t* bytes) {
  const SparseBatch& batch = layer.batch;
  const size_t length = batch.counts[row];
  const uint16_t* list = batch.lists + row * batch.listStride;
  float* values = batch.values + row * batch.listStride;
  for (size_t t = 0; t < length; ++t) values[t] = layer.prepared[bytes[list[t]]];
}

// Lists row `row` by the table. False where it takes more than that.
BITGRAD_INLINE bool gatherListed(const FirstLayer& layer, Shift shift, size_t row, size_t sample) {
  const SampleTable& table = *layer.table;
  const SparseBatch& batch = layer.batch;
  if (!batch.isSparseRow(table.lengthOf(sample))) return false;
  if (!staysInside(table, sample, shift.dx, shift.dy)) return false;
  // A blank image is blank wherever it is moved to, and that may be far outside of the table.
  const bool isBlank = table.lengthOf(sample) == 0;
  const int64_t delta = isBlank ? 0 : shift.dy * static_cast<int64_t>(table.width) + shift.dx;
  uint16_t* list = batch.lists + row * batch.listStride;
  const size_t length = copyList(table, sample, delta, list);
  list[length] = endOfList;
  batch.counts[row] = static_cast<uint32_t>(length);
  if (batch.flags != nullptr) copyFlags(table, sample, delta, batch.flags + row * batch.flagStride);
  if (!batch.isBinary) {
    writeValues(layer, row, table.samples + sample * table.features - delta);
  }
  return true;
}

// Writes and lists row `row` from bytes; where it is mostly zeros, nobody reads it but by its list.
BITGRAD_INLINE void gatherBytes(const BoundOp& op, const FirstLayer& layer, size_t row,
                                const uint8_t* bytes) {
  const SparseBatch& batch = layer.batch;
  float* input = op.f32(3) + row * op.numbers[1];
  if (layer.isListed) {
    listBytes(batch, row, bytes);
    if (!batch.isBinary) writeValues(layer, row, bytes);
    if (batch.isSparseRow(batch.counts[row])) return;
  }
  prepareBytes(layer.preprocess, bytes, op.numbers[1], input);
}

Status runGather(const BoundOp& op, const Place& place) {
  const FirstLayer& layer = *static_cast<FirstLayer*>(op.own);
  const FirstLayerScratch& scratch = layer.scratch[place.member];
  const size_t features = op.numbers[1];
  const Range rows = rowsOf(place);
  for (size_t row = rows.begin; row < rows.end; ++row) {
    const size_t at = place.position + row;
    const uint32_t sample = readOnce(op.u32(1) + at);
    if (sample >= op.numbers[0]) return badIndex;
    prefetchSample(op, layer, place, at);
    if (layer.preprocess == Preprocess::none) {
      const float* values = op.f32(0) + sample * features;
      __builtin_memcpy(op.f32(3) + row * features, values, features * sizeof(float));
      if (layer.isListed) listFloats(layer.batch, row, values);
    } else if (layer.table == nullptr ||
               !gatherListed(layer, shiftOf(op, scratch, at), row, sample)) {
      const uint8_t* image = op.slice<uint8_t>(0) + sample * features;
      gatherBytes(op, layer, row, moved(op, scratch, image, at));
    }
  }
  return done;
}

// Plans have at most one gather that the table can be for.
const BoundOp* findListed(const unsigned char* memory) {
  const Plan& plan = *reinterpret_cast<const Plan*>(memory);
  for (uint32_t i = 0; i < plan.length; ++i) {
    const BoundOp& op = plan.ops[i];
    if (op.code != OpCode::gather) continue;
    const FirstLayer& layer = *static_cast<const FirstLayer*>(op.own);
    return layer.isListed && layer.prepared != nullptr ? &op : nullptr;
  }
  return nullptr;
}

size_t listSamples(const unsigned char* plan, unsigned char* memory) {
  const BoundOp* gather = findListed(plan);
  if (gather == nullptr) return 0;
  const size_t samples = size_t{gather->numbers[0]} * gather->numbers[1];
  if (samples > UINT32_MAX) return 0;
  Allocator allocator(memory);
  makeSampleTable(gather->slice<uint8_t>(0), gather->numbers[0], gather->numbers[1],
                  gather->numbers[3], allocator);
  // A table that is larger than the samples lists too many values to be faster.
  return allocator.used() > samples ? 0 : allocator.used();
}

bool useSampleTable(const unsigned char* plan, const unsigned char* memory) {
  const BoundOp* gather = findListed(plan);
  if (gather == nullptr) return false;
  const auto* table = reinterpret_cast<const SampleTable*>(memory);
  const uint32_t* numbers = gather->numbers;
  const bool fits = table->samples == gather->slice<uint8_t>(0) && table->count == numbers[0] &&
                    table->features == numbers[1] &&
                    (gather->slices[2] == absent || table->width == numbers[3]);
  if (fits) static_cast<FirstLayer*>(gather->own)->table = table;
  return fits;
}

}  // namespace
}  // namespace bitgrad
