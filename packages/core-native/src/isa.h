// Which instruction sets this addon has kernels for, and which of them this machine can run.
#pragma once

#include <string>
#include <vector>

#include "kernels.h"

namespace bitgrad {

struct Isa {
  const char* name;
  const Kernels* kernels;
};

// Those that this machine can run, the fastest first.
std::vector<Isa> availableIsas();

// Null where there is none of this name.
const Kernels* findKernels(const std::string& name);

}  // namespace bitgrad
