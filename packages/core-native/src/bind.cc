// Binds an entry's ops to memory, once for all steps: for each op the function that runs it.
#include "activation.h"
#include "bias.h"
#include "dropout.h"
#include "first_layer.h"
#include "gemm.h"
#include "optimizers.h"
#include "program.h"
#include "sgd.h"
#include "shards.h"
#include "softmax.h"
#include "squared_error.h"

namespace bitgrad {
namespace {

Status runGatherTargets(const BoundOp& op, const Place& place) {
  const uint32_t* labels = op.u32(0);
  const uint32_t* order = op.u32(1) + place.position;
  uint32_t* targets = op.u32(2);
  for (size_t row = 0; row < place.rows; ++row) {
    const uint32_t sample = readOnce(order + row);
    if (sample >= op.numbers[0]) return badIndex;
    targets[row] = labels[sample];
  }
  return done;
}

Status runGemm(const BoundOp& op, const Place& place) {
  multiply(productOf(op, place.rows), op.f32(2), productOf(op, place.rows).n,
           *static_cast<GemmScratch*>(op.own));
  return done;
}

Status runBiasAdd(const BoundOp& op, const Place& place) {
  biasAdd(op.f32(0), op.f32(1), place.rows, op.numbers[0]);
  return done;
}

Status runBiasGrad(const BoundOp& op, const Place& place) {
  biasGrad(op.f32(0), op.f32(1), place.rows, op.numbers[0]);
  return done;
}

Status runActivation(const BoundOp& op, const Place& place) {
  const auto name = static_cast<ActivationName>(op.numbers[1]);
  activate(name, op.f32(0), place.rows * op.numbers[0]);
  return done;
}

Status runActivationGrad(const BoundOp& op, const Place& place) {
  const auto name = static_cast<ActivationName>(op.numbers[1]);
  activateGrad(name, op.f32(0), op.f32(1), place.rows * op.numbers[0]);
  return done;
}

Status runSoftmaxCrossEntropy(const BoundOp& op, const Place& place) {
  const size_t classes = op.numbers[0];
  const float rows = static_cast<float>(place.rows);
  const float* logits = op.f32(0);
  const uint32_t* targets = op.u32(1);
  float* losses = op.f32(2) + place.position;
  float* dLogits = op.f32(3);
  bool isFinite = true;
  for (size_t row = 0; row < place.rows; ++row, logits += classes, dLogits += classes) {
    const uint32_t target = readOnce(targets + row);
    if (target >= classes) return badTarget;
    const float loss = crossEntropyRow(logits, classes, target, rows, dLogits);
    losses[row] = loss;
    isFinite = isFinite && __builtin_isfinite(loss);
  }
  return isFinite ? done : nonFiniteLoss;
}

Status runSoftmax(const BoundOp& op, const Place& place) {
  const size_t classes = op.numbers[0];
  float* probabilities = op.f32(1) + place.position * classes;
  for (size_t at = 0; at < place.rows * classes; at += classes) {
    softmaxRow(op.f32(0) + at, classes, probabilities + at);
  }
  return done;
}

Status runArgmax(const BoundOp& op, const Place& place) {
  const size_t classes = op.numbers[0];
  uint32_t* predicted = op.u32(1) + place.position;
  for (size_t row = 0; row < place.rows; ++row) {
    predicted[row] = static_cast<uint32_t>(argmaxRow(op.f32(0) + row * classes, classes));
  }
  return done;
}

Status runSgd(const BoundOp& op, const Place& place) {
  sgd(op.f32(0), op.f32(1), op.numbers[0], op.f32(2)[place.step], op.number(1));
  return done;
}

Status runEmit(const BoundOp& op, const Place& place) {
  const size_t width = op.numbers[0];
  __builtin_memcpy(op.f32(1) + place.position * width, op.f32(0),
                   place.rows * width * sizeof(float));
  return done;
}

// In the order of OpCode. First-layer ops have functions of their own where there is a gather.
constexpr decltype(BoundOp::run) runFunctions[opCount] = {
    runGather,
    runGatherTargets,
    runGemm,
    runBiasAdd,
    runBiasGrad,
    runActivation,
    runActivationGrad,
    runSoftmaxCrossEntropy,
    runSoftmax,
    runArgmax,
    runSgd,
    runMomentum,
    runAdam,
    runDropout,
    runClassWeights,
    runSquaredError,
    runEmit,
    runGather,
    runShardedGemm,
    runShardedBiasGrad,
};

size_t bind(const uint32_t* words, size_t count, unsigned char* arena, unsigned char* memory) {
  if (!isEntry(words, count)) return 0;
  Allocator allocator(memory);
  Plan* plan = allocator.allocate<Plan>(1);
  uint32_t* ownWords = allocator.allocate<uint32_t>(count);
  BoundOp* ops = allocator.allocate<BoundOp>(words[1]);
  GemmScratch* scratch = allocator.allocate<GemmScratch>(1);
  Entry entry{words};
  if (memory != nullptr) {
    __builtin_memcpy(ownWords, words, count * sizeof(uint32_t));
    entry.words = ownWords;
    *plan = {entry.batchSize(), entry.length(), ops};
    entry.forEach([&](const Op& op, uint32_t i) {
      const bool multiplies = op.code == OpCode::gemm || op.code == OpCode::shardedGemm;
      ops[i] = {runFunctions[static_cast<uint32_t>(op.code)], arena, op.slices, op.numbers,
                multiplies ? scratch : nullptr};
    });
  }
  bindFirstLayers(entry, ops, scratch, allocator);
  return allocator.used();
}

}  // namespace
}  // namespace bitgrad
