// What the module exports: the kernels by name, on addresses in its memory. `src/module.ts` has its
// types; arguments are checked in TypeScript, as the addon's are.
#include "kernels.cc"
#include "members.h"

#define BITGRAD_EXPORT(name) [[clang::export_name(#name)]]

// The linker's: where the stack and the constants end, and all memory behind is free.
extern "C" unsigned char __heap_base;

namespace bitgrad::exports {

// JavaScript's: waits for all `members` of a team to call it, and returns the union of their marks.
// What may change meanwhile is memory, of which this module's compiler keeps nothing across a call.
[[clang::import_module("env"), clang::import_name("meet")]]
uint32_t meet(uint32_t marks, size_t members);

BITGRAD_EXPORT(heapBase) const unsigned char* heapBase() { return &__heap_base; }

BITGRAD_EXPORT(scratchBytes) size_t scratchBytes() { return kernels_wasm()->scratchBytes; }

BITGRAD_EXPORT(bind)
size_t bind(const uint32_t* words, size_t count, unsigned char* arena, const unsigned char* samples,
            unsigned char* memory, size_t members) {
  return kernels_wasm()->bind(words, count, arena, samples, memory, members);
}

// How many of so many threads a step of a plan is worth, which takes all its rows or only so many.
BITGRAD_EXPORT(membersFor)
size_t membersFor(const unsigned char* plan, size_t threads, uint32_t rows) {
  StepSize step = kernels_wasm()->stepSize(plan);
  if (rows < step.rows) step.multiplications = step.multiplications / step.rows * rows;
  return bitgrad::membersFor(step, threads);
}

// Runs steps from where `control` stands, as one of `members`. They may read it one after the other:
// it first changes once all have met.
BITGRAD_EXPORT(run)
Status run(const unsigned char* plan, uint32_t steps, uint32_t* control, size_t members,
           size_t member) {
  const Control start{control[0], control[1], control[2]};
  Team team{members, [](Team& own, uint32_t marks) { return meet(marks, own.size); }};
  const Status status = kernels_wasm()->run(plan, start, steps, control, nullptr, &team, member);
  // Nobody may begin the next run while another has yet to see how this one's last meeting ended.
  if (members > 1) team.meet(team, 0);
  return status;
}

BITGRAD_EXPORT(sgemm)
void sgemm(bool transposeA, bool transposeB, size_t m, size_t n, size_t k, float alpha,
           const float* a, size_t lda, const float* b, size_t ldb, float beta, float* c, size_t ldc,
           unsigned char* scratch) {
  kernels_wasm()->sgemm(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc,
                        scratch);
}

BITGRAD_EXPORT(sgemv)
void sgemv(bool transpose, size_t m, size_t n, float alpha, const float* a, size_t lda,
           const float* x, size_t incx, float beta, float* y, size_t incy, unsigned char* scratch) {
  kernels_wasm()->sgemv(transpose, m, n, alpha, a, lda, x, incx, beta, y, incy, scratch);
}

BITGRAD_EXPORT(sger)
void sger(size_t m, size_t n, float alpha, const float* x, size_t incx, const float* y, size_t incy,
          float* a, size_t lda) {
  kernels_wasm()->sger(m, n, alpha, x, incx, y, incy, a, lda);
}

BITGRAD_EXPORT(saxpy)
void saxpy(size_t n, float alpha, const float* x, size_t incx, float* y, size_t incy) {
  kernels_wasm()->saxpy(n, alpha, x, incx, y, incy);
}

BITGRAD_EXPORT(sdot)
float sdot(size_t n, const float* x, size_t incx, const float* y, size_t incy) {
  return kernels_wasm()->sdot(n, x, incx, y, incy);
}

BITGRAD_EXPORT(sscal)
void sscal(size_t n, float alpha, float* x, size_t incx) {
  kernels_wasm()->sscal(n, alpha, x, incx);
}

BITGRAD_EXPORT(scopy)
void scopy(size_t n, const float* x, size_t incx, float* y, size_t incy) {
  kernels_wasm()->scopy(n, x, incx, y, incy);
}

BITGRAD_EXPORT(snrm2) float snrm2(size_t n, const float* x, size_t incx) {
  return kernels_wasm()->snrm2(n, x, incx);
}

}  // namespace bitgrad::exports
