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

BITGRAD_INLINE void prefetchSample(const Gathered& op, const FirstLayer& layer, const Place& place,
                                   size_t at) {
  constexpr size_t distance = 8;
  if (at + distance >= place.count) return;
  const uint32_t sample = readOnce(op.order + at + distance);
  if (sample >= op.sampleCount) return;
  if (layer.table != nullptr) {
    const SampleTable& table = *layer.table;
    // Where a sample's list lies must be known before the list can be fetched.
    const size_t last = place.count - 1;
    const uint32_t later = readOnce(op.order + smaller(at + 2 * distance, last));
    if (later < op.sampleCount) {
      __builtin_prefetch(table.starts + later);
      __builtin_prefetch(table.columns + 2 * later);
    }
    prefetch(table.lists + table.starts[sample], table.lengthOf(sample) * sizeof(uint16_t));
    if (layer.batch.flags != nullptr) prefetch(table.bits + sample * table.bitStride, table.bitStride);
    if (layer.batch.isBinary) return;
  }
  const size_t bytes = op.features * (layer.preprocess == Preprocess::none ? sizeof(float) : 1);
  prefetch(op.samples + sample * bytes, bytes);
}

// The image through the affine map at place `at`.
const uint8_t* mapped(const Gathered& op, const FirstLayerScratch& scratch, const uint8_t* image,
                      size_t at) {
  int32_t map[6];
  for (size_t i = 0; i < 6; ++i) map[i] = readOnce(op.moves + 6 * at + i);
  const size_t pixels = op.height * op.width;
  const size_t channels = pixels == 0 ? 0 : op.features / pixels;
  for (size_t c = 0; c < channels; ++c) {
    copyInsideBorder(image + c, op.height, op.width, channels, scratch.bordered);
    mapImage(scratch.bordered, op.height, op.width, channels, map, scratch.image + c);
  }
  return scratch.image;
}

struct Shift {
  int64_t dx;
  int64_t dy;
};

// How far the image at place `at` is to be moved.
BITGRAD_INLINE Shift shiftOf(const Gathered& op, size_t at) {
  if (!op.isMoved) return {0, 0};
  const int32_t* shift = op.moves + 2 * at;
  return {readOnce(shift), readOnce(shift + 1)};
}

// The image as the pass wants it at place `at`.
BITGRAD_INLINE const uint8_t* moved(const Gathered& op, const FirstLayerScratch& scratch,
                                    const uint8_t* image, size_t at) {
  if (scratch.bordered != nullptr) return mapped(op, scratch, image, at);
  const Shift shift = shiftOf(op, at);
  if (shift.dx == 0 && shift.dy == 0) return image;
  shiftImage(image, op.height, op.width, shift.dx, shift.dy, scratch.image);
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
BITGRAD_INLINE void gatherBytes(const Gathered& op, const FirstLayer& layer, size_t row,
                                const uint8_t* bytes) {
  const SparseBatch& batch = layer.batch;
  float* input = op.input + row * op.features;
  if (layer.isListed) {
    listBytes(batch, row, bytes);
    if (!batch.isBinary) writeValues(layer, row, bytes);
    if (batch.isSparseRow(batch.counts[row])) return;
  }
  prepareBytes(layer.preprocess, bytes, op.features, input);
}

[[gnu::noinline]] Status runGather(const Gathered& op, const FirstLayer& layer, const Place& place) {
  const FirstLayerScratch& scratch = layer.scratch[place.member];
  const size_t features = op.features;
  const Range rows = rowsOf(place);
  for (size_t row = rows.begin; row < rows.end; ++row) {
    const size_t at = place.position + row;
    const uint32_t sample = readOnce(op.order + at);
    if (sample >= op.sampleCount) return badIndex;
    prefetchSample(op, layer, place, at);
    if (layer.preprocess == Preprocess::none) {
      const float* values = reinterpret_cast<const float*>(op.samples) + sample * features;
      __builtin_memcpy(op.input + row * features, values, features * sizeof(float));
      if (layer.isListed) listFloats(layer.batch, row, values);
    } else if (layer.table == nullptr ||
               !gatherListed(layer, shiftOf(op, at), row, sample)) {
      const uint8_t* image = op.samples + sample * features;
      gatherBytes(op, layer, row, moved(op, scratch, image, at));
    }
  }
  return done;
}

Status runOp(const Gather& op, const Place& place) {
  return runGather(gatheredBy(op.op), *static_cast<FirstLayer*>(op.op.own), place);
}

Status runOp(const GatherAffine& op, const Place& place) {
  return runGather(gatheredBy(op.op), *static_cast<FirstLayer*>(op.op.own), place);
}

// Plans have at most one gather that the table can be for.
const Op* findListed(const unsigned char* memory) {
  const Plan& plan = *reinterpret_cast<const Plan*>(memory);
  for (uint32_t i = 0; i < plan.length; ++i) {
    const Op& op = plan.ops[i];
    if (op.code != OpCode::gather) continue;
    const FirstLayer& layer = *static_cast<const FirstLayer*>(op.own);
    return layer.isListed && layer.prepared != nullptr ? &op : nullptr;
  }
  return nullptr;
}

SampleBytes samplesOf(const Op& op) {
  const Gathered gather = gatheredBy(op);
  return {gather.samples, gather.sampleCount, gather.features, gather.width};
}

bool countSamples(const unsigned char* plan, size_t bytes, TableProgress& progress) {
  const Op* op = findListed(plan);
  if (op == nullptr) return true;
  const SampleBytes samples = samplesOf(*op);
  const size_t size = samples.count * samples.features;
  if (size > UINT32_MAX) return true;
  if (!countValues(samples, bytes, progress)) return false;
  const size_t used = tableBytes(samples, progress.values);
  // A table that is larger than the samples lists too many values to be faster.
  progress.tableBytes = used > size ? 0 : used;
  return true;
}

bool listSamples(const unsigned char* plan, size_t bytes, unsigned char* memory,
                 TableProgress& progress) {
  return fillTable(samplesOf(*findListed(plan)), bytes, memory, progress);
}

bool useSampleTable(const unsigned char* plan, const unsigned char* memory) {
  const Op* op = findListed(plan);
  if (op == nullptr) return false;
  const Gathered gather = gatheredBy(*op);
  const auto* table = reinterpret_cast<const SampleTable*>(memory);
  const bool fits = table->samples == gather.samples && table->count == gather.sampleCount &&
                    table->features == gather.features &&
                    (!gather.isMoved || table->width == gather.width);
  if (fits) static_cast<FirstLayer*>(op->own)->table = table;
  return fits;
}

}  // namespace
}  // namespace bitgrad
