// Binds an entry's ops to memory, once for all steps: for each op the function that runs it.
#include "access.h"
#include "activation.h"
#include "bias.h"
#include "dropout.h"
#include "first_layer.h"
#include "fuse.h"
#include "gemm.h"
#include "meetings.h"
#include "optimizers.h"
#include "program.h"
#include "shards.h"
#include "softmax.h"
#include "squared_error.h"

namespace bitgrad {
namespace {

Status runGatherTargets(const BoundOp& op, const Place& place) {
  const uint32_t* labels = op.u32(0);
  const uint32_t* order = op.u32(1) + place.position;
  uint32_t* targets = op.u32(2);
  const Range rows = rowsOf(place);
  for (size_t row = rows.begin; row < rows.end; ++row) {
    const uint32_t sample = readOnce(order + row);
    if (sample >= op.numbers[0]) return badIndex;
    targets[row] = labels[sample];
  }
  return done;
}

Status runGemm(const BoundOp& op, const Place& place) {
  runProduct(op, place, static_cast<GemmScratch*>(op.own)[place.member]);
  return done;
}

Status runBiasAdd(const BoundOp& op, const Place& place) {
  const size_t width = op.numbers[0];
  const Range rows = rowsOf(place);
  biasAdd(op.f32(0) + rows.begin * width, op.f32(1), rows.size(), width);
  return done;
}

Status runBiasGrad(const BoundOp& op, const Place& place) {
  const size_t width = op.numbers[0];
  const Range columns = shareOf(width, lineFloats, place);
  biasGrad(op.f32(0), op.f32(1), place.rows, width, columns.begin, columns.end);
  return done;
}

Status runActivation(const BoundOp& op, const Place& place) {
  const size_t width = op.numbers[0];
  const Range rows = rowsOf(place);
  const auto name = static_cast<ActivationName>(op.numbers[1]);
  activate(name, op.f32(0) + rows.begin * width, rows.size() * width);
  return done;
}

Status runActivationGrad(const BoundOp& op, const Place& place) {
  const size_t width = op.numbers[0];
  const Range rows = rowsOf(place);
  const size_t first = rows.begin * width;
  const auto name = static_cast<ActivationName>(op.numbers[1]);
  activateGrad(name, op.f32(0) + first, op.f32(1) + first, rows.size() * width);
  return done;
}

Status runSoftmaxCrossEntropy(const BoundOp& op, const Place& place) {
  const size_t classes = op.numbers[0];
  const Range rows = rowsOf(place);
  const size_t first = rows.begin * classes;
  return crossEntropy(op.f32(0) + first, op.u32(1) + rows.begin, rows.size(), classes,
                      static_cast<float>(place.rows), op.f32(3) + first,
                      op.f32(2) + place.position + rows.begin);
}

Status runSoftmax(const BoundOp& op, const Place& place) {
  const size_t classes = op.numbers[0];
  const Range rows = rowsOf(place);
  const size_t first = rows.begin * classes;
  softmax(op.f32(0) + first, rows.size(), classes, op.f32(1) + place.position * classes + first);
  return done;
}

Status runArgmax(const BoundOp& op, const Place& place) {
  const size_t classes = op.numbers[0];
  uint32_t* predicted = op.u32(1) + place.position;
  const Range rows = rowsOf(place);
  for (size_t row = rows.begin; row < rows.end; ++row) {
    predicted[row] = static_cast<uint32_t>(argmaxRow(op.f32(0) + row * classes, classes));
  }
  return done;
}

Status runEmit(const BoundOp& op, const Place& place) {
  const size_t width = op.numbers[0];
  const Range rows = rowsOf(place);
  __builtin_memcpy(op.f32(1) + (place.position + rows.begin) * width,
                   op.f32(0) + rows.begin * width, rows.size() * width * sizeof(float));
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
    runUpdate,
    runUpdate,
    runUpdate,
    runDropout,
    runClassWeights,
    runSquaredError,
    runEmit,
    runGather,
    runShardedGemm,
    runShardedBiasGrad,
};

// Of a product in a full step.
uint64_t multiplicationsOf(const Op& op, uint32_t batchSize) {
  const auto size = [&](uint32_t field) -> uint64_t {
    return op.numbers[field] == rowsDimension ? batchSize : op.numbers[field];
  };
  switch (op.code) {
    case OpCode::gemm:
      return size(0) * size(1) * size(2);
    case OpCode::shardedGemm:
      return size(0) * size(1) * batchSize;
    default:
      return 0;
  }
}

// Members that share a step's rows need not wait for what others make of theirs; but weights that
// change are better kept where they are changed, and few rows leave some members without any. A
// member's columns must be wide enough for its tiles.
Split splitOf(const Entry& entry, const Op& op, size_t members) {
  if (op.code != OpCode::gemm) return Split::rows;
  constexpr size_t manyRows = 4 * rowsTogether;
  constexpr uint32_t wideColumns = 128;
  constexpr uint64_t largeWeights = 32768;
  const uint32_t* numbers = op.numbers;
  const bool isWide = numbers[1] >= wideColumns && numbers[1] != rowsDimension;
  if (numbers[0] != rowsDimension) return isWide ? Split::columns : Split::rows;
  const bool isLarge = uint64_t{numbers[1]} * numbers[2] >= largeWeights;
  const bool areRowsEnough =
      entry.batchSize() >= manyRows * members && !isWritten(entry, op.slices[1]);
  return isWide && isLarge && !areRowsEnough ? Split::columns : Split::rows;
}

size_t bind(const uint32_t* words, size_t count, unsigned char* arena, unsigned char* memory,
            size_t members) {
  if (!isEntry(words, count)) return 0;
  Allocator allocator(memory);
  Plan* plan = allocator.allocate<Plan>(1);
  uint32_t* ownWords = allocator.allocate<uint32_t>(count);
  BoundOp* ops = allocator.allocate<BoundOp>(words[1]);
  GemmScratch* scratch = allocator.allocate<GemmScratch>(members);
  Entry entry{words};
  if (memory != nullptr) {
    __builtin_memcpy(ownWords, words, count * sizeof(uint32_t));
    entry.words = ownWords;
    *plan = {entry.batchSize(), entry.length(), ops, 0};
    entry.forEach([&](const Op& op, uint32_t i) {
      const bool multiplies = op.code == OpCode::gemm || op.code == OpCode::shardedGemm;
      ops[i] = {runFunctions[static_cast<uint32_t>(op.code)],
                nullptr,
                op.code,
                arena,
                op.slices,
                op.numbers,
                multiplies ? scratch : nullptr,
                nullptr,
                splitOf(entry, op, members),
                false};
      plan->multiplications += multiplicationsOf(op, entry.batchSize());
    });
    bindUpdates(entry, ops);
  }
  bindFirstLayers(entry, ops, scratch, members, allocator);
  if (memory != nullptr) bindMeetings(entry, ops);
  return allocator.used();
}

}  // namespace
}  // namespace bitgrad
