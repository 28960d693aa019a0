// What normalisation needs beyond the arena.
#pragma once

#include "program.h"

namespace bitgrad {
namespace {

// A member's own: what it makes of a shard's sums, or of running statistics, [channels] each.
struct NormMember {
  float* mean;
  float* inverse;
  float* factor;
  float* meanD;
  float* meanE;
};

struct NormScratch {
  // Sums of each row, [rows of a step, channels] twice: each member writes those of its rows, and
  // reads all once they have met.
  double* first;
  double* second;
  NormMember* members;
};

BITGRAD_INLINE const NormScratch& scratchOf(const Op& op) {
  return *static_cast<const NormScratch*>(op.own);
}

// Gives an op what it needs, if it is a normalisation.
void bindBatchNorm(Op& op, size_t batchSize, size_t members, Allocator& allocator);

}  // namespace
}  // namespace bitgrad
