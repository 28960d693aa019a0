// The direct sgemm on several threads: each computes its own part of C.
#include <algorithm>

#include "direct_kernels.h"

namespace bitgrad {
namespace {

// With fewer multiplications for each thread, waking the others takes longer than it saves.
constexpr size_t leastMultiplications = 1'000'000;

// Parts of C begin at such multiples. Parts as large as each other gain more than whole tiles of any
// shape: of 256 rows, multiples of 24, which all shapes divide, made 120 and 136.
constexpr size_t rowsTogether = 8;
constexpr size_t columnsTogether = 32;

struct Part {
  size_t begin;
  size_t size;
};

Part partOf(size_t total, size_t unit, size_t member, size_t members) {
  const size_t units = (total + unit - 1) / unit;
  const size_t begin = std::min(units * member / members * unit, total);
  const size_t end = std::min(units * (member + 1) / members * unit, total);
  return {begin, end - begin};
}

// The longer side of C is cut: each member copies all of the operand that goes with the other.
ProductCall partOf(const ProductCall& whole, size_t member, size_t members) {
  ProductCall part = whole;
  if (whole.m >= whole.n) {
    const auto [begin, size] = partOf(whole.m, rowsTogether, member, members);
    part.m = size;
    part.a += whole.transposeA ? begin : begin * whole.lda;
    part.c += begin * whole.ldc;
  } else {
    const auto [begin, size] = partOf(whole.n, columnsTogether, member, members);
    part.n = size;
    part.b += whole.transposeB ? begin * whole.ldb : begin;
    part.c += begin;
  }
  return part;
}

void run(const Kernels& kernels, const ProductCall& call, unsigned char* scratch) {
  kernels.sgemm(call.transposeA, call.transposeB, call.m, call.n, call.k, call.alpha, call.a,
                call.lda, call.b, call.ldb, call.beta, call.c, call.ldc, scratch);
}

}  // namespace

DirectKernels::DirectKernels(const Kernels* table, size_t threads)
    : kernels_(table),
      threads_(threads),
      scratchBytes_((table->scratchBytes + 63) / 64 * 64),
      scratch_(scratchBytes_ * threads, PagesFor::scratch) {}

void DirectKernels::multiply(const ProductCall& call) {
  // In binary64, as the product of three sizes may not fit an integer.
  const double multiplications = static_cast<double>(call.m) * call.n * call.k;
  const double worth = multiplications / leastMultiplications;
  const auto most = static_cast<size_t>(std::min(worth, 1e6));
  const size_t members = std::min(threads_, std::max<size_t>(most, 1));
  if (members == 1) return run(*kernels_, call, scratch());
  if (team_ == nullptr) team_ = std::make_unique<ThreadTeam>(threads_);
  struct Job {
    const DirectKernels& direct;
    const ProductCall& call;
  } job{*this, call};
  team_->run(
      members,
      [](void* context, Team& team, size_t member) {
        const Job& own = *static_cast<Job*>(context);
        run(own.direct.kernels(), partOf(own.call, member, team.size),
            own.direct.scratch() + member * own.direct.scratchBytes_);
        return done;
      },
      &job);
}

}  // namespace bitgrad
