// Binds an entry's ops to memory, once for all steps: for each op the function that runs it.
#include "batch_norm.h"
#include "conv2d.h"
#include "first_layer.h"
#include "gemm.h"

namespace bitgrad {
namespace {

// Every op has a runOp of its own, or this does not compile. Products that read gathered samples are
// given functions that skip zeros in its place.
#define BITGRAD_RUN(View) \
  [](const Op& op, const Place& place) -> Status { return runOp(View{op}, place); },
constexpr decltype(Op::run) runFunctions[] = {BITGRAD_FOR_OPS(BITGRAD_RUN)};
#undef BITGRAD_RUN
static_assert(sizeof(runFunctions) / sizeof(runFunctions[0]) == opCount);

Status runNothing(const Op&, const Place&) { return done; }

size_t bind(const uint32_t* words, size_t count, unsigned char* arena, const unsigned char* samples,
            unsigned char* memory, size_t members) {
  if (!isEntry(words, count)) return 0;
  Allocator allocator(memory);
  Plan* plan = allocator.allocate<Plan>(1);
  uint32_t* ownWords = allocator.allocate<uint32_t>(count);
  Op* ops = allocator.allocate<Op>(words[1]);
  GemmScratch* scratch = allocator.allocate<GemmScratch>(members);
  Entry entry{words, arena, samples};
  if (memory != nullptr) {
    __builtin_memcpy(ownWords, words, count * sizeof(uint32_t));
    entry.words = ownWords;
    *plan = {entry.batchSize(), entry.length(), ops, entry.multiplications(), scratch,
             entry.knowsParts()};
    entry.forEach([&](const Op& op, uint32_t i) {
      ops[i] = op;
      ops[i].run = op.plan->isMade() ? runNothing : runFunctions[static_cast<uint32_t>(op.code)];
      ops[i].update = op.plan->update == absent ? nullptr : ops + op.plan->update;
      ops[i].meets = op.plan->meets();
    });
  }
  bindFirstLayers(entry, ops, members, allocator);
  entry.forEach([&](Op& op, uint32_t i) {
    Op& bound = ops == nullptr ? op : ops[i];
    bindConvolution(bound, members, allocator);
    bindBatchNorm(bound, entry.batchSize(), members, allocator);
  });
  return allocator.used();
}

}  // namespace
}  // namespace bitgrad
