// A gather's operands, whichever way it moves the images.
#pragma once

#include "program.h"

namespace bitgrad {
namespace {

struct Gathered {
  const uint8_t* samples;
  const uint32_t* order;
  // Two a sample, or six of an affine map.
  const int32_t* moves;
  // Whether there are any: else images stay where they are.
  bool isMoved;
  float* input;
  size_t sampleCount;
  size_t features;
  size_t height;
  size_t width;
  Preprocess preprocess;
};

template <typename Gather>
BITGRAD_INLINE Gathered gatheredBy(const Gather& op, const int32_t* moves, bool isMoved) {
  return {op.samples(),     op.order(),    moves,       isMoved,    op.input(),
          op.sampleCount(), op.features(), op.height(), op.width(), op.preprocess()};
}

// Of an op that is a gather.
BITGRAD_INLINE Gathered gatheredBy(const Op& op) {
  if (op.code == OpCode::gatherAffine) {
    const GatherAffine gather{op};
    return gatheredBy(gather, gather.maps(), true);
  }
  const Gather gather{op};
  return gatheredBy(gather, gather.shifts(), gather.hasShifts());
}

}  // namespace
}  // namespace bitgrad
