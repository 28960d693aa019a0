// Finds what an entry lets the first layer leave out; `backend-ts/fuse.ts` has the same idea.
#pragma once

#include "program.h"

namespace bitgrad {
namespace {

// Whether `product` multiplies gathered samples by weights: input [rows, features] · [features, n].
bool isFirstForward(const Op& product, const Op& gather);

// Whether `product` is the gradient of such weights: inputᵀ [features, rows] · [rows, n].
bool isFirstGradient(const Op& product, const Op& gather);

// Whether `product` is the same gradient in shards.
bool isFirstShardedGradient(const Op& product, const Op& gather);

// Whether all that reads a gather's input comes after it and is one of these three, so that a list
// of the values that are not 0 can take the input's place.
bool isReadSparsely(const Entry& entry, const Op& gather, uint32_t gatherIndex);

// Gives each product that is a weight gradient the update that is its only reader, if any, so that
// the gradient need not be stored.
void bindUpdates(const Entry& entry, BoundOp* ops);

// The function of an update that has been given to a product.
Status runNothing(const BoundOp& op, const Place& place);

}  // namespace
}  // namespace bitgrad
