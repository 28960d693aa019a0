// Reads an entry as encode.ts in @bitgrad/core writes it: [batchSize, number of ops], then for each
// op its length in words, its code, the offsets of its slices and its numbers.
#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

// In the order of OPERANDS in operands.ts.
enum class OpCode : uint32_t {
  gather,
  gatherTargets,
  gemm,
  biasAdd,
  biasGrad,
  activation,
  activationGrad,
  softmaxCrossEntropy,
  softmax,
  argmax,
  sgd,
  momentum,
  adam,
  dropout,
  classWeights,
  squaredError,
  emit,
  gatherAffine,
  shardedGemm,
  shardedBiasGrad,
};

struct FieldCounts {
  uint32_t slices;
  uint32_t numbers;
};

// The fields of each op: slices come first, in the order of operands.ts.
constexpr FieldCounts fieldCounts[] = {
    {4,
     5},  // gather: samples, order, shifts, input; sampleCount, features, height, width, preprocess
    {3, 1},  // gatherTargets: labels, order, targets; sampleCount
    {3, 5},  // gemm: a, b, c; m, n, k, transposeA, transposeB
    {2, 1},  // biasAdd: output, bias; width
    {2, 1},  // biasGrad: dOutput, dBias; width
    {1, 2},  // activation: output; width, activation
    {2, 2},  // activationGrad: output, dOutput; width, activation
    {4, 1},  // softmaxCrossEntropy: logits, targets, losses, dLogits; classes
    {2, 1},  // softmax: logits, probabilities; classes
    {2, 1},  // argmax: logits, predicted; classes
    {3, 2},  // sgd: parameter, gradient, rates; length, l2
    {4, 4},  // momentum: parameter, gradient, velocity, rates; length, l2, momentum, nesterov
    {5, 8},  // adam: parameter, gradient, firstMoment, secondMoment, scalars; length, l2, beta1,
             // beta2, complement1, complement2, epsilon, decayed
    {3, 4},  // dropout: input, output, place; width, layer, threshold, scale
    {3, 1},  // classWeights: dLogits, targets, weights; classes
    {4, 1},  // squaredError: logits, targets, losses, dLogits; outputs
    {2, 1},  // emit: logits, outputs; width
    {4, 5},  // gatherAffine: samples, order, maps, input; as gather
    {4, 3},  // shardedGemm: a, b, c, partial; m, n, shards
    {3, 2},  // shardedBiasGrad: dOutput, dBias, partial; width, shards
};
constexpr uint32_t opCount = sizeof(fieldCounts) / sizeof(fieldCounts[0]);

constexpr uint32_t absent = 0xffffffff;
constexpr uint32_t rowsDimension = 0xffffffff;

struct Op {
  OpCode code;
  const uint32_t* slices;
  const uint32_t* numbers;

  // Whether one of the slices from field `first` on is this one.
  BITGRAD_INLINE bool mentions(uint32_t slice, uint32_t first = 0) const {
    for (uint32_t i = first; i < fieldCounts[static_cast<uint32_t>(code)].slices; ++i) {
      if (slices[i] == slice) return true;
    }
    return false;
  }
};

struct Entry {
  const uint32_t* words;

  uint32_t batchSize() const { return words[0]; }
  uint32_t length() const { return words[1]; }

  // Calls visit(op, index) for each op, in order.
  template <typename Visit>
  BITGRAD_INLINE void forEach(const Visit& visit) const {
    const uint32_t* at = words + 2;
    for (uint32_t i = 0; i < length(); ++i, at += at[0]) {
      const Op op{static_cast<OpCode>(at[1]), at + 2, at + 2 + fieldCounts[at[1]].slices};
      visit(op, i);
    }
  }
};

// Whether the words are an entry that this version understands, to the last word.
inline bool isEntry(const uint32_t* words, size_t count) {
  if (count < 2) return false;
  size_t at = 2;
  for (uint32_t i = 0; i < words[1]; ++i) {
    if (count - at < 2 || words[at + 1] >= opCount) return false;
    const FieldCounts fields = fieldCounts[words[at + 1]];
    const uint32_t length = 2 + fields.slices + fields.numbers;
    if (words[at] != length || count - at < length) return false;
    at += length;
  }
  return at == count;
}

}  // namespace
}  // namespace bitgrad
