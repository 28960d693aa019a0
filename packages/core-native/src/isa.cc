#include "isa.h"

#include <cstdint>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace bitgrad {

#if defined(__x86_64__)
const Kernels* kernels_avx512();
const Kernels* kernels_avx2();
const Kernels* kernels_sse2();

namespace {

struct Vectors {
  bool avx2 = false;
  bool avx512 = false;
};

// Which registers the operating system saves, as XCR0 has it.
uint32_t savedRegisters() {
  uint32_t low, high;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

// What the processor has and the system saves, by the manuals of Intel and AMD (CPUID, leaves 1 and 7).
// Not by __builtin_cpu_supports, which knows of nothing where zig links the compiler's library.
Vectors detectVectors() {
  constexpr uint32_t kOsxsave = 1u << 27, kAvx = 1u << 28;
  constexpr uint32_t kAvx2 = 1u << 5;
  constexpr uint32_t kAvx512 = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;  // F, DQ, BW, VL
  constexpr uint32_t kSavesAvx = 0x06, kSavesAvx512 = 0xe6;
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & kOsxsave) || !(c & kAvx)) return {};
  const uint32_t saved = savedRegisters();
  if ((saved & kSavesAvx) != kSavesAvx || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return {};
#if defined(__APPLE__)
  // macOS begins to save the widest registers, and says so, when a thread first uses them.
  const bool savesAvx512 = true;
#else
  const bool savesAvx512 = (saved & kSavesAvx512) == kSavesAvx512;
#endif
  return {(b & kAvx2) != 0, savesAvx512 && (b & kAvx512) == kAvx512};
}

}  // namespace

std::vector<Isa> availableIsas() {
  const Vectors has = detectVectors();
  std::vector<Isa> isas;
  if (has.avx512) isas.push_back({"avx512", kernels_avx512()});
  if (has.avx2) isas.push_back({"avx2", kernels_avx2()});
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
