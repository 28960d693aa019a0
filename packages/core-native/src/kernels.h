// What one instruction set's kernels offer to the addon: a table of functions. Everything behind it
// is compiled once per instruction set and needs no library: memory is handed in by the caller.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace bitgrad {

// Why a run ended. The numbers are those of RUN_STATUS in @bitgrad/core.
enum Status : uint32_t { done = 0, nonFiniteLoss = 1, badIndex = 2, badTarget = 3, aborted = 4 };

// The slice `control`: rows of the pass already done, rows of the pass, steps already done.
struct Control {
  uint32_t position;
  uint32_t count;
  uint32_t step;
};

// Threads that run a plan together: each of its `size` members runs all steps, its own share of each
// op, and meets the others where one needs what another has made.
struct Team {
  size_t size;
  // Returns once all members have called it; what each has written before, all see after. `marks`
  // has a bit for each status that the member has met with since it last called; the result has
  // those of all members, the same for each.
  uint32_t (*meet)(Team& team, uint32_t marks);
};

// What a full step of a plan comes to.
struct StepSize {
  uint32_t rows;
  // Multiplications in matrix products: whether threads pay hangs on them.
  uint64_t multiplications;
};

// How far it has come to list which values of samples are not 0.
struct TableProgress {
  // Samples.
  size_t counted;
  size_t listed;
  // Values that are not 0.
  size_t values;
  // Once all are counted: what the table takes, or 0 where a plan has no use for one.
  size_t tableBytes;
  // Once all are listed: whether the table is what the samples are, which had not changed meanwhile.
  bool isWhole;
};

struct Kernels {
  // Decodes an entry (encode.ts), finds what can be fused, and writes a plan for `run` to `memory`,
  // which must be aligned to 64 bytes. With `memory` null nothing is written. At most `members`
  // threads may run the plan together. `samples` is what does not lie in the arena, or null.
  //
  // Returns the bytes that the plan and its scratch memory take, or 0 if the words make no entry.
  size_t (*bind)(const uint32_t* words, size_t count, unsigned char* arena,
                 const unsigned char* samples, unsigned char* memory, size_t members);

  StepSize (*stepSize)(const unsigned char* plan);

  // Goes on with counting which values of the samples that a plan gathers are not 0, by about so many bytes of
  // samples. Returns whether that was all.
  bool (*countSamples)(const unsigned char* plan, size_t bytes, TableProgress& progress);

  // Then goes on with listing them, in a table in `memory`, aligned to 64 bytes. Returns whether that was all.
  bool (*listSamples)(const unsigned char* plan, size_t bytes, unsigned char* memory,
                      TableProgress& progress);

  // Lets a plan use the table from now on, which must lie there as long as the plan does, and the
  // samples must not change. False if it is not for the samples of this plan.
  bool (*useSampleTable)(const unsigned char* plan, const unsigned char* table);

  // Runs steps of a plan from `start` on, as one member of a team (null: alone), and stores the
  // progress to `control` after each. Another thread may set `cancel` (or it is null) to end the
  // run between two steps.
  Status (*run)(const unsigned char* plan, Control start, uint32_t steps, uint32_t* control,
                const uint32_t* cancel, Team* team, size_t member);

  // The shapes that a tile of packed operands can have, by their places, the usual one first (null: no
  // more), and which one products take from now on, in all threads. No bit hangs on it.
  const char* (*tileName)(size_t index);
  void (*useTile)(size_t index);

  // The BLAS-style kernels: `Kernels` in backend.ts has their meaning. Sizes are not checked.
  // `scratch` is `scratchBytes` of memory, aligned to 64 bytes.
  size_t scratchBytes;
  void (*sgemm)(bool transposeA, bool transposeB, size_t m, size_t n, size_t k, float alpha,
                const float* a, size_t lda, const float* b, size_t ldb, float beta, float* c,
                size_t ldc, unsigned char* scratch);
  void (*sgemv)(bool transpose, size_t m, size_t n, float alpha, const float* a, size_t lda,
                const float* x, size_t incx, float beta, float* y, size_t incy,
                unsigned char* scratch);
  void (*sger)(size_t m, size_t n, float alpha, const float* x, size_t incx, const float* y,
               size_t incy, float* a, size_t lda);
  void (*saxpy)(size_t n, float alpha, const float* x, size_t incx, float* y, size_t incy);
  float (*sdot)(size_t n, const float* x, size_t incx, const float* y, size_t incy);
  void (*sscal)(size_t n, float alpha, float* x, size_t incx);
  void (*scopy)(size_t n, const float* x, size_t incx, float* y, size_t incy);
  float (*snrm2)(size_t n, const float* x, size_t incx);
};

}  // namespace bitgrad
