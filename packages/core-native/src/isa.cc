#include "isa.h"

namespace bitgrad {

#if defined(__x86_64__)
const Kernels* kernels_avx512();
const Kernels* kernels_avx2();
const Kernels* kernels_sse2();

std::vector<Isa> availableIsas() {
  __builtin_cpu_init();
  std::vector<Isa> isas;
  // These builtins also ask whether the operating system saves the wide registers.
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")) {
    isas.push_back({"avx512", kernels_avx512()});
  }
  if (__builtin_cpu_supports("avx2")) isas.push_back({"avx2", kernels_avx2()});
  isas.push_back({"sse2", kernels_sse2()});
  return isas;
}
#elif defined(__aarch64__)
const Kernels* kernels_neon();

std::vector<Isa> availableIsas() { return {{"neon", kernels_neon()}}; }
#else
#error "There are kernels for x86-64 and arm64; elsewhere the WebAssembly backend is faster than plain C++."
#endif

const Kernels* findKernels(const std::string& name) {
  for (const Isa& isa : availableIsas()) {
    if (name == isa.name) return isa.kernels;
  }
  return nullptr;
}

}  // namespace bitgrad
