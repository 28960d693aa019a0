// The ops around a gather: where most values of the samples are 0, what is listed once is the
// others.
#pragma once

#include "gather.h"
#include "gemm.h"
#include "program.h"
#include "sparse.h"

namespace bitgrad {
namespace {

// What a gather and its readers share.
struct FirstLayer {
  Preprocess preprocess;
  // A moved image, or null where images stay where they are.
  uint8_t* image;
  // The image inside a border of zeros, for affine maps; or null.
  uint8_t* bordered;
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

// A gather or a gatherAffine.
Status runGather(const BoundOp& op, const Place& place);

// The products that read a gather's samples: the layer itself, its gradient, that gradient in
// shards, and the gradient together with the plain update that follows it.
Status runFirstForward(const BoundOp& op, const Place& place);
Status runFirstGradient(const BoundOp& op, const Place& place);
Status runFirstShardedGradient(const BoundOp& op, const Place& place);
Status runFirstUpdate(const BoundOp& op, const Place& place);

// The operands of a gemm op for a step of `rows` rows.
Product productOf(const BoundOp& gemm, size_t rows);

// Gives each gather its own memory and, where the entry allows it, sparse products to the gemms
// that read its samples and the plain update of their weights to the gradient.
void bindFirstLayers(const Entry& entry, BoundOp* ops, GemmScratch* scratch, Allocator& allocator);

}  // namespace
}  // namespace bitgrad
