// Finds what an entry lets the first layer leave out; `backend-ts/fuse.ts` has the same idea.
#pragma once

#include "entry.h"

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

// The plain SGD update that is the only reader of a first layer's gradient, so that the gradient
// need not be stored, if any.
bool findUpdate(const Entry& entry, const Op& gradient, uint32_t gradientIndex, Op* update,
                uint32_t* updateIndex);

}  // namespace
}  // namespace bitgrad
