// The BLAS-style kernels as JavaScript functions.
#pragma once

#include <node_api.h>

#include "kernels.h"
#include "pages.h"

namespace bitgrad {

// What the functions of one instruction set share; it must outlive them.
struct DirectKernels {
  explicit DirectKernels(const Kernels* table) : kernels(table), scratch(table->scratchBytes) {}

  const Kernels* kernels;
  Pages scratch;
};

// Returns an object with the functions, or null with a JavaScript exception pending.
napi_value makeDirectKernels(napi_env env, DirectKernels* data);

}  // namespace bitgrad
