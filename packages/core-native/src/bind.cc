// Binds an entry's ops to memory, once for all steps: for each op the function that runs it.
#include "access.h"
#include "first_layer.h"
#include "fuse.h"
#include "gemm.h"
#include "meetings.h"

namespace bitgrad {
namespace {

// Every op has a runOp of its own, or this does not compile. Products that read gathered samples are
// given functions that skip zeros in its place.
#define BITGRAD_RUN(View) \
  [](const Op& op, const Place& place) -> Status { return runOp(View{op}, place); },
constexpr decltype(Op::run) runFunctions[] = {BITGRAD_FOR_OPS(BITGRAD_RUN)};
#undef BITGRAD_RUN
static_assert(sizeof(runFunctions) / sizeof(runFunctions[0]) == opCount);

// Of a product in a full step.
uint64_t multiplicationsOf(const Op& op, uint64_t batchSize) {
  const auto size = [&](uint32_t dimension) -> uint64_t {
    return dimension == rowsDimension ? batchSize : dimension;
  };
  switch (op.code) {
    case OpCode::gemm: {
      const Gemm gemm{op};
      return size(gemm.m()) * size(gemm.n()) * size(gemm.k());
    }
    case OpCode::shardedGemm: {
      const ShardedGemm gemm{op};
      return size(gemm.m()) * size(gemm.n()) * batchSize;
    }
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
  const Gemm gemm{op};
  const bool isWide = gemm.n() >= wideColumns && gemm.n() != rowsDimension;
  if (gemm.m() != rowsDimension) return isWide ? Split::columns : Split::rows;
  const bool isLarge = uint64_t{gemm.n()} * gemm.k() >= largeWeights;
  const bool areRowsEnough = entry.batchSize() >= manyRows * members && !isWritten(entry, gemm.b());
  return isWide && isLarge && !areRowsEnough ? Split::columns : Split::rows;
}

size_t bind(const uint32_t* words, size_t count, unsigned char* arena, unsigned char* memory,
            size_t members) {
  if (!isEntry(words, count)) return 0;
  Allocator allocator(memory);
  Plan* plan = allocator.allocate<Plan>(1);
  uint32_t* ownWords = allocator.allocate<uint32_t>(count);
  Op* ops = allocator.allocate<Op>(words[1]);
  GemmScratch* scratch = allocator.allocate<GemmScratch>(members);
  Entry entry{words, arena};
  if (memory != nullptr) {
    __builtin_memcpy(ownWords, words, count * sizeof(uint32_t));
    entry.words = ownWords;
    *plan = {entry.batchSize(), entry.length(), ops, 0, scratch};
    entry.forEach([&](const Op& op, uint32_t i) {
      ops[i] = op;
      ops[i].run = runFunctions[static_cast<uint32_t>(op.code)];
      ops[i].split = splitOf(entry, op, members);
      plan->multiplications += multiplicationsOf(op, entry.batchSize());
    });
    bindUpdates(entry, ops);
  }
  bindFirstLayers(entry, ops, members, allocator);
  if (memory != nullptr) bindMeetings(entry, ops);
  return allocator.used();
}

}  // namespace
}  // namespace bitgrad
