// For the tests: stands where isa.cc stands in the addon, with the kernels of one instruction set:
// BITGRAD_ONE_KERNELS, called BITGRAD_ONE_NAME, on processors that have BITGRAD_ONE_NEEDS.
//
// The environment's BITGRAD_PLANT lets every run of a plan make a mistake, by which it is seen that a
// sanitizer (tools/sanitize) finds such a one.
#include <cstdlib>
#include <string_view>

#include "isa.h"

namespace bitgrad {

const Kernels* BITGRAD_ONE_KERNELS();

namespace {

std::string_view planted() {
  const char* name = std::getenv("BITGRAD_PLANT");
  return name == nullptr ? "" : name;
}

// Where the compiler must not know that nothing comes of it.
volatile uint32_t sink;
uint32_t unguarded;

Status runWithMistake(const unsigned char* plan, Control start, uint32_t steps, uint32_t* control,
                      const uint32_t* cancel, Team* team, size_t member) {
  const std::string_view name = planted();
  // `control` is the first slice of the programs that are run so.
  if (name == "before") sink = control[-1];
  if (name == "between") sink = control[15];
  if (name == "shift") sink = 1u << (32 + start.position);
  if (name == "race") unguarded = unguarded + 1;
  return BITGRAD_ONE_KERNELS()->run(plan, start, steps, control, cancel, team, member);
}

const Kernels* kernels() {
  if (planted().empty()) return BITGRAD_ONE_KERNELS();
  static const Kernels mistaken = [] {
    Kernels copy = *BITGRAD_ONE_KERNELS();
    copy.run = runWithMistake;
    return copy;
  }();
  return &mistaken;
}

}  // namespace

std::vector<Isa> availableIsas() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports(BITGRAD_ONE_NEEDS)) return {};
#endif
  return {{BITGRAD_ONE_NAME, kernels()}};
}

const Kernels* findKernels(const std::string& name) {
  return name == BITGRAD_ONE_NAME ? kernels() : nullptr;
}

}  // namespace bitgrad
