// The BLAS-style kernels as JavaScript functions.
#pragma once

#include <node_api.h>

#include <memory>

#include "kernels.h"
#include "pages.h"
#include "team.h"

namespace bitgrad {

// The arguments of `Kernels.sgemm`.
struct ProductCall {
  bool transposeA;
  bool transposeB;
  size_t m;
  size_t n;
  size_t k;
  float alpha;
  const float* a;
  size_t lda;
  const float* b;
  size_t ldb;
  float beta;
  float* c;
  size_t ldc;
};

// What the functions of one instruction set and number of threads share; it must outlive them.
class DirectKernels {
 public:
  DirectKernels(const Kernels* table, size_t threads);

  bool isFor(const Kernels* table, size_t threads) const {
    return kernels_ == table && threads_ == threads;
  }
  const Kernels& kernels() const { return *kernels_; }
  // Null where there is no memory.
  unsigned char* scratch() const { return scratch_.data(); }
  // Runs a product on as many threads as its size is worth. There must be scratch memory.
  void multiply(const ProductCall& call);

 private:
  const Kernels* kernels_;
  size_t threads_;
  // Of each member, one after the other.
  size_t scratchBytes_;
  Pages scratch_;
  std::unique_ptr<ThreadTeam> team_;
};

// Returns an object with the functions, or null with a JavaScript exception pending.
napi_value makeDirectKernels(napi_env env, DirectKernels* data);

}  // namespace bitgrad
