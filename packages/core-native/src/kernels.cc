// All kernels of one instruction set, as one translation unit: CMake compiles this file once per
// instruction set. Everything in it is in an unnamed namespace but the one function at the end, so
// the linker cannot take one instruction set's code for another's.
#include "kernels.h"

#include "activation.cc"
#include "affine.cc"
#include "batch_norm.cc"
#include "bias.cc"
#include "binary_cross_entropy.cc"
#include "conv2d.cc"
#include "convolution.cc"
#include "dropout.cc"
#include "first_layer.cc"
#include "first_products.cc"
#include "gather.cc"
#include "gemm.cc"
#include "optimizers.cc"
#include "pool2d.cc"
#include "product.cc"
#include "program.cc"
#include "sample_table.cc"
#include "shards.cc"
#include "softmax.cc"
#include "sparse_forward.cc"
#include "sparse_gradient.cc"
#include "sparse_list.cc"
#include "sparse_sample.cc"
#include "squared_error.cc"
#include "weight_panels.cc"
#include "vectors.cc"

// Binding, which no step waits for: WebAssembly's module has better use for the room.
#ifdef __wasm__
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)
#endif
#include "bind.cc"
#include "first_layer_bind.cc"
#ifdef __wasm__
#pragma clang attribute pop
#endif

namespace bitgrad {

const Kernels* BITGRAD_KERNELS() {
  static constexpr Kernels kernels{
      .bind = bind,
      .stepSize = stepSize,
      .countSamples = countSamples,
      .listSamples = listSamples,
      .useSampleTable = useSampleTable,
      .run = run,
      .tileName = tileName,
      .useTile = useTile,
      .scratchBytes = sizeof(GemmScratch),
      .sgemm = sgemm,
      .sgemv = sgemv,
      .sger = sger,
      .saxpy = saxpy,
      .sdot = sdot,
      .sscal = sscal,
      .scopy = scopy,
      .snrm2 = snrm2,
  };
  return &kernels;
}

}  // namespace bitgrad
