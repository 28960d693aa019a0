// Finds what an entry lets the first layer leave out; `backend-ts/fuse.ts` has the same idea.
#pragma once

#include "gathered.h"
#include "program.h"

namespace bitgrad {
namespace {

// How a product, a gemm or a shardedGemm, reads a gather's samples, or `otherwise`.
enum class FirstRole : uint8_t {
  otherwise,
  forward,   // input [rows, features] · weights [features, n]
  gradient,  // their gradient, inputᵀ [features, rows] · [rows, n]
  shardedGradient,
};
FirstRole roleOf(const Op& product, const Gathered& gather);

// Whether all that reads a gather's input comes after it and is such a product, so that a list of the
// values that are not 0 can take the input's place.
bool isReadSparsely(const Entry& entry, const Gathered& gather, uint32_t gatherIndex);

// Gives each product that is a weight gradient the update that is its only reader, if any, so that
// the gradient need not be stored.
void bindUpdates(const Entry& entry, Op* ops);

// The function of an update that has been given to a product.
Status runNothing(const Op& op, const Place& place);

}  // namespace
}  // namespace bitgrad
