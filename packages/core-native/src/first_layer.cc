#include "first_layer.h"

#include "affine.h"
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
const uint8_t* mapped(const BoundOp& op, const FirstLayer& layer, const uint8_t* image, size_t at) {
  int32_t map[6];
  for (size_t i = 0; i < 6; ++i) map[i] = static_cast<int32_t>(readOnce(op.u32(2) + 6 * at + i));
  copyInsideBorder(image, op.numbers[2], op.numbers[3], layer.bordered);
  mapImage(layer.bordered, op.numbers[2], op.numbers[3], map, layer.image);
  return layer.image;
}

// The image as the pass wants it at place `at`.
BITGRAD_INLINE const uint8_t* moved(const BoundOp& op, const FirstLayer& layer,
                                    const uint8_t* image, size_t at) {
  if (layer.image == nullptr) return image;
  if (layer.bordered != nullptr) return mapped(op, layer, image, at);
  const uint32_t* shift = op.u32(2) + 2 * at;
  const auto dx = static_cast<int32_t>(readOnce(shift));
  const auto dy = static_cast<int32_t>(readOnce(shift + 1));
  if (dx == 0 && dy == 0) return image;
  shiftImage(image, op.numbers[2], op.numbers[3], dx, dy, layer.image);
  return layer.image;
}

Status runGather(const BoundOp& op, const Place& place) {
  FirstLayer& layer = *static_cast<FirstLayer*>(op.own);
  const size_t features = op.numbers[1];
  layer.batch.total = 0;
  for (size_t row = 0; row < place.rows; ++row) {
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
      const uint8_t* bytes = moved(op, layer, op.slice<uint8_t>(0) + sample * features, at);
      prepareBytes(layer.preprocess, bytes, features, input);
      if (layer.isListed) listBytes(layer.batch, row, bytes);
    }
  }
  return done;
}

Product productOf(const BoundOp& gemm, size_t rows) {
  const auto size = [&](size_t field) {
    return gemm.numbers[field] == rowsDimension ? rows : gemm.numbers[field];
  };
  const bool transposeA = gemm.numbers[3] != 0;
  const bool transposeB = gemm.numbers[4] != 0;
  const size_t m = size(0);
  const size_t n = size(1);
  const size_t k = size(2);
  return {transposeA,  transposeB,        m, n, k, gemm.f32(0), transposeA ? m : k,
          gemm.f32(1), transposeB ? k : n};
}

Status runFirstForward(const BoundOp& op, const Place& place) {
  const FirstLayer& layer = *static_cast<FirstLayer*>(op.own);
  const Product product = productOf(op, place.rows);
  if (isSparse(layer.batch, place.rows)) {
    sparseForward(layer.batch, place.rows, product.b, product.n, op.f32(2));
  } else {
    multiply(product, op.f32(2), product.n, *layer.scratch);
  }
  return done;
}

Status runFirstGradient(const BoundOp& op, const Place& place) {
  const FirstLayer& layer = *static_cast<FirstLayer*>(op.own);
  const Product product = productOf(op, place.rows);
  if (isSparse(layer.batch, place.rows)) {
    sparseGradient(layer.batch, place.rows, product.b, product.n, op.f32(2));
  } else {
    multiply(product, op.f32(2), product.n, *layer.scratch);
  }
  return done;
}

// A shard without rows has no lists to begin with, so dense products take such steps.
Status runFirstShardedGradient(const BoundOp& op, const Place& place) {
  const FirstLayer& layer = *static_cast<FirstLayer*>(op.own);
  const size_t width = op.numbers[1];
  const size_t shards = op.numbers[2];
  if (place.rows < shards || !isSparse(layer.batch, place.rows)) {
    shardedGemm(op, place.rows, *layer.scratch);
    return done;
  }
  const auto sum = [&](size_t first, size_t end, float* out) {
    sparseGradient(rowsFrom(layer.batch, first), end - first, op.f32(1) + first * width, width,
                   out);
  };
  addShards(sum, op.f32(2), op.f32(3), op.numbers[0] * width, place.rows, shards);
  return done;
}

Status runFirstUpdate(const BoundOp& op, const Place& place) {
  const FirstUpdate& update = *static_cast<FirstUpdate*>(op.own);
  const FirstLayer& layer = *update.layer;
  const Product product = productOf(op, place.rows);
  const float rate = update.rates[place.step];
  if (isSparse(layer.batch, place.rows)) {
    sparseUpdate(layer.batch, place.rows, product.b, product.n, rate, update.weight);
  } else {
    multiplyAndUpdate(product, rate, update.weight, *layer.scratch);
  }
  return done;
}

}  // namespace
}  // namespace bitgrad
