#include "first_layer.h"

#include "affine.h"
#include "optimizers.h"
#include "shards.h"
#include "sparse_list.h"

namespace bitgrad {
namespace {

// Samples lie anywhere in memory: those of the rows to come are on their way while others are used.
BITGRAD_INLINE void prefetchSample(const BoundOp& op, const FirstLayer& layer, const Place& place,
                                   size_t at) {
  constexpr size_t distance = 2;
  if (at + distance >= place.count) return;
  const uint32_t sample = readOnce(op.u32(1) + at + distance);
  if (sample >= op.numbers[0]) return;
  const size_t bytes = op.numbers[1] * (layer.preprocess == Preprocess::none ? sizeof(float) : 1);
  const uint8_t* from = op.slice<uint8_t>(0) + sample * bytes;
  for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch(from + i);
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

// The image as the pass wants it at place `at`.
BITGRAD_INLINE const uint8_t* moved(const BoundOp& op, const FirstLayerScratch& scratch,
                                    const uint8_t* image, size_t at) {
  if (scratch.image == nullptr) return image;
  if (scratch.bordered != nullptr) return mapped(op, scratch, image, at);
  const uint32_t* shift = op.u32(2) + 2 * at;
  const auto dx = static_cast<int32_t>(readOnce(shift));
  const auto dy = static_cast<int32_t>(readOnce(shift + 1));
  if (dx == 0 && dy == 0) return image;
  shiftImage(image, op.numbers[2], op.numbers[3], dx, dy, scratch.image);
  return scratch.image;
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
    float* input = op.f32(3) + row * features;
    if (layer.preprocess == Preprocess::none) {
      const float* values = op.f32(0) + sample * features;
      for (size_t f = 0; f < features; ++f) input[f] = values[f];
      if (layer.isListed) listFloats(layer.batch, row);
    } else {
      const uint8_t* bytes = moved(op, scratch, op.slice<uint8_t>(0) + sample * features, at);
      prepareBytes(layer.preprocess, bytes, features, input);
      if (layer.isListed) listBytes(layer.batch, row, bytes);
    }
  }
  return done;
}

Status runFirstForward(const BoundOp& op, const Place& place) {
  const FirstLayer& layer = *static_cast<FirstLayer*>(op.own);
  const Product product = productOf(op, place.rows);
  const Share own = shareOf(op, product, place);
  const SparseBatch batch = layer.batchOf(place.member);
  if (isSparse(batch, own.rows)) {
    sparseForward(batch, own, product.b, product.n, op.f32(2));
  } else {
    runProduct(op, place, *layer.scratch[place.member].product);
  }
  return done;
}

// The gradient, or with an update of another kind than the plain one both, one after the other.
void storeGradient(const BoundOp& op, const Place& place, const SparseBatch& batch,
                   const Share& own, const Product& product) {
  float* gradient = op.f32(2);
  sparseGradient(batch, place.rows, own, product.b, product.n, gradient);
  if (op.update == nullptr) return;
  for (size_t f = own.rows.begin; f < own.rows.end; ++f) {
    const size_t first = f * product.n + own.columns.begin;
    update(*op.update, place, first, gradient + first, own.columns.size());
  }
}

Status runFirstGradient(const BoundOp& op, const Place& place) {
  const FirstLayer& layer = *static_cast<FirstLayer*>(op.own);
  const Product product = productOf(op, place.rows);
  const Share own = shareOf(op, product, place);
  const SparseBatch batch = layer.batchOf(place.member);
  if (!isSparse(batch, {0, place.rows})) {
    runProduct(op, place, *layer.scratch[place.member].product);
    return done;
  }
  const bool isPlain = op.update != nullptr && op.update->code == OpCode::sgd;
  const float l2 = isPlain ? op.update->number(1) : 0.0f;
  if (isPlain && (l2 == 0.0f || batch.flags != nullptr)) {
    const float rate = op.update->f32(2)[place.step];
    sparseUpdate(batch, place.rows, own, product.b, product.n, rate, l2, op.update->f32(0));
  } else {
    storeGradient(op, place, batch, own, product);
  }
  return done;
}

// A shard without rows has no lists to begin with, so dense products take such steps.
Status runFirstShardedGradient(const BoundOp& op, const Place& place) {
  const FirstLayer& layer = *static_cast<FirstLayer*>(op.own);
  const SparseBatch batch = layer.batchOf(place.member);
  const size_t width = op.numbers[1];
  const size_t shards = op.numbers[2];
  if (place.rows < shards || !isSparse(batch, {0, place.rows})) {
    shardedGemm(op, place, *layer.scratch[place.member].product);
    return done;
  }
  const Range features = shareOf(op.numbers[0], rowsTogether, place);
  const auto sum = [&](size_t first, size_t end, float* out) {
    sparseGradient(rowsFrom(batch, first), end - first, {features, {0, width}},
                   op.f32(1) + first * width, width, out - features.begin * width);
  };
  const size_t at = features.begin * width;
  addShards(sum, op.f32(2) + at, op.f32(3) + at, features.size() * width, place.rows, shards);
  return done;
}

}  // namespace
}  // namespace bitgrad
