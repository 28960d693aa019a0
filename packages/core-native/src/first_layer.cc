#include "first_layer.h"

#include "fuse.h"
#include "gather.h"
#include "sgd.h"
#include "sparse.h"
#include "sparse_list.h"

namespace bitgrad {
namespace {

// What a gather and its readers share.
struct FirstLayer {
  // A shifted image, or null where there are no shifts.
  uint8_t* image;
  // Whether the readers want the lists.
  bool isListed;
  SparseBatch batch;
  GemmScratch* scratch;
};

// A weight gradient with the update that follows it.
struct FirstUpdate {
  FirstLayer* layer;
  float* weight;
  const float* rates;
};

// Samples lie anywhere in memory: those of the rows to come are on their way while others are used.
BITGRAD_INLINE void prefetchSample(const BoundOp& op, const Place& place, size_t at) {
  constexpr size_t distance = 2;
  if (at + distance >= place.count) return;
  const uint32_t sample = readOnce(op.u32(1) + at + distance);
  if (sample >= op.numbers[0]) return;
  const bool isFloats = static_cast<Preprocess>(op.numbers[4]) == Preprocess::none;
  const size_t bytes = op.numbers[1] * (isFloats ? sizeof(float) : 1);
  const uint8_t* from = op.slice<uint8_t>(0) + sample * bytes;
  for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch(from + i);
}

// The image as the pass wants it at place `at`.
BITGRAD_INLINE const uint8_t* shifted(const BoundOp& op, const FirstLayer& layer,
                                      const uint8_t* image, size_t at) {
  if (layer.image == nullptr) return image;
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
  const auto preprocess = static_cast<Preprocess>(op.numbers[4]);
  layer.batch.total = 0;
  for (size_t row = 0; row < place.rows; ++row) {
    const size_t at = place.position + row;
    const uint32_t sample = readOnce(op.u32(1) + at);
    if (sample >= op.numbers[0]) return badIndex;
    prefetchSample(op, place, at);
    float* input = op.f32(3) + row * features;
    if (preprocess == Preprocess::none) {
      const float* values = op.f32(0) + sample * features;
      for (size_t f = 0; f < features; ++f) input[f] = values[f];
      if (layer.isListed) listFloats(layer.batch, row);
    } else {
      const uint8_t* bytes = shifted(op, layer, op.slice<uint8_t>(0) + sample * features, at);
      prepareBytes(preprocess, bytes, features, input);
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

// The update has been done by the gradient's function.
Status runNothing(const BoundOp&, const Place&) { return done; }

// Memory for a gather; lists where its readers can use them.
FirstLayer* allocateLayer(const Entry& entry, const Op& gather, const float* input, bool isListed,
                          bool isTrained, GemmScratch* scratch, Allocator& allocator) {
  const size_t features = gather.numbers[1];
  const size_t batchSize = entry.batchSize();
  const bool isShifted = gather.slices[2] != absent;
  FirstLayer* layer = allocator.allocate<FirstLayer>(1);
  uint8_t* image = isShifted ? allocator.allocate<uint8_t>(features) : nullptr;
  SparseBatch batch{};
  batch.values = input;
  batch.features = features;
  batch.isBinary = gather.numbers[4] == static_cast<uint32_t>(Preprocess::binarize);
  if (isListed) {
    batch.listStride = features + listSlack;
    batch.lists = allocator.allocate<uint16_t>(batchSize * batch.listStride);
    batch.counts = allocator.allocate<uint32_t>(batchSize);
    batch.cursors = allocator.allocate<uint32_t>(batchSize);
    batch.panel = allocator.allocate<float>(panelFloats(batchSize));
  }
  // A single sample's gradient needs no more than its list.
  if (isListed && isTrained && batchSize > 1) {
    batch.flagStride = roundUp(batchSize, 8);
    batch.flags = allocator.allocate<uint8_t>(roundUp(features, 8) / 8 * batch.flagStride);
    batch.rowFlags = allocator.allocate<uint8_t>(roundUp(features, 8) / 8 * batch.flagStride);
    batch.rowList = allocator.allocate<uint16_t>(batchSize + listSlack);
  }
  if (layer != nullptr) *layer = {image, isListed, batch, scratch};
  return layer;
}

void bindGradient(const Entry& entry, const Op& op, uint32_t index, FirstLayer* layer, BoundOp* ops,
                  Allocator& allocator) {
  Op update;
  uint32_t updateIndex = 0;
  const bool isFused = findUpdate(entry, op, index, &update, &updateIndex);
  FirstUpdate* own = isFused ? allocator.allocate<FirstUpdate>(1) : nullptr;
  if (layer == nullptr) return;
  ops[index].run = isFused ? runFirstUpdate : runFirstGradient;
  ops[index].own = layer;
  if (isFused) {
    *own = {layer, ops[updateIndex].f32(0), ops[updateIndex].f32(2)};
    ops[index].own = own;
    ops[updateIndex].run = runNothing;
  }
}

void bindFirstLayers(const Entry& entry, BoundOp* ops, GemmScratch* scratch, Allocator& allocator) {
  entry.forEach([&](const Op& gather, uint32_t gatherIndex) {
    if (gather.code != OpCode::gather) return;
    const bool isListed = isReadSparsely(entry, gather, gatherIndex);
    bool isTrained = false;
    entry.forEach(
        [&](const Op& op, uint32_t) { isTrained = isTrained || isFirstGradient(op, gather); });
    const float* input = ops == nullptr ? nullptr : ops[gatherIndex].f32(3);
    FirstLayer* layer =
        allocateLayer(entry, gather, input, isListed, isTrained, scratch, allocator);
    if (layer != nullptr) ops[gatherIndex].own = layer;
    if (!isListed) return;
    entry.forEach([&](const Op& op, uint32_t index) {
      if (isFirstGradient(op, gather)) {
        bindGradient(entry, op, index, layer, ops, allocator);
      } else if (isFirstForward(op, gather) && layer != nullptr) {
        ops[index].run = runFirstForward;
        ops[index].own = layer;
      }
    });
  });
}

}  // namespace
}  // namespace bitgrad
