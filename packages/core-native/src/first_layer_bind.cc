// Finds what the ops around a gather can do and gives them what they share.
#include "affine.h"
#include "first_layer.h"
#include "fuse.h"
#include "sparse_list.h"

namespace bitgrad {
namespace {

// The update has been done by the gradient's function.
Status runNothing(const BoundOp&, const Place&) { return done; }

// A gatherAffine has no choice `none`, the first one of a gather.
Preprocess preprocessOf(const Op& gather) {
  const uint32_t choice = gather.numbers[4];
  return static_cast<Preprocess>(gather.code == OpCode::gatherAffine ? choice + 1 : choice);
}

// Memory for a gather; lists where its readers can use them.
FirstLayer* allocateLayer(const Entry& entry, const Op& gather, const float* input, bool isListed,
                          bool isTrained, GemmScratch* scratch, Allocator& allocator) {
  const size_t features = gather.numbers[1];
  const size_t batchSize = entry.batchSize();
  const Preprocess preprocess = preprocessOf(gather);
  const bool isMapped = gather.code == OpCode::gatherAffine;
  const bool isMoved = gather.slices[2] != absent;
  FirstLayer* layer = allocator.allocate<FirstLayer>(1);
  uint8_t* image = isMoved ? allocator.allocate<uint8_t>(features) : nullptr;
  const size_t bytes = borderedBytes(gather.numbers[2], gather.numbers[3]);
  uint8_t* bordered = isMapped ? allocator.allocate<uint8_t>(bytes) : nullptr;
  if (bordered != nullptr) __builtin_memset(bordered, 0, bytes);
  SparseBatch batch{};
  batch.values = input;
  batch.features = features;
  batch.isBinary = preprocess == Preprocess::binarize;
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
    // Flags are read by eight rows, and a shard's rows begin anywhere.
    batch.flags = allocator.allocate<uint8_t>(roundUp(features, 8) / 8 * batch.flagStride + 8);
    batch.rowFlags = allocator.allocate<uint8_t>(roundUp(features, 8) / 8 * batch.flagStride);
    batch.rowList = allocator.allocate<uint16_t>(batchSize + listSlack);
  }
  if (layer != nullptr) *layer = {preprocess, image, bordered, isListed, batch, scratch};
  return layer;
}

// As in `backend-ts/fuse.ts`, a gatherAffine's gradient is stored all the same.
void bindGradient(const Entry& entry, const Op& gather, const Op& op, uint32_t index,
                  FirstLayer* layer, BoundOp* ops, Allocator& allocator) {
  Op update;
  uint32_t updateIndex = 0;
  const bool isFused =
      gather.code == OpCode::gather && findUpdate(entry, op, index, &update, &updateIndex);
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
    if (gather.code != OpCode::gather && gather.code != OpCode::gatherAffine) return;
    const bool isListed = isReadSparsely(entry, gather, gatherIndex);
    bool isTrained = false;
    entry.forEach([&](const Op& op, uint32_t) {
      isTrained = isTrained || isFirstGradient(op, gather) || isFirstShardedGradient(op, gather);
    });
    const float* input = ops == nullptr ? nullptr : ops[gatherIndex].f32(3);
    FirstLayer* layer =
        allocateLayer(entry, gather, input, isListed, isTrained, scratch, allocator);
    if (layer != nullptr) ops[gatherIndex].own = layer;
    if (!isListed) return;
    entry.forEach([&](const Op& op, uint32_t index) {
      if (isFirstGradient(op, gather)) {
        bindGradient(entry, gather, op, index, layer, ops, allocator);
      } else if (layer != nullptr && isFirstForward(op, gather)) {
        ops[index].run = runFirstForward;
        ops[index].own = layer;
      } else if (layer != nullptr && isFirstShardedGradient(op, gather)) {
        ops[index].run = runFirstShardedGradient;
        ops[index].own = layer;
      }
    });
  });
}

}  // namespace
}  // namespace bitgrad
