// How many threads may be worth their meetings: for the addon and the WebAssembly module alike.
#pragma once

#include "kernels.h"

namespace bitgrad {

// With fewer multiplications a step for each of them, meeting the others takes longer than it saves.
inline size_t membersFor(const StepSize& step, size_t threads) {
  constexpr uint64_t least = 500'000;
  const uint64_t worth = step.multiplications / least;
  if (worth >= threads) return threads;
  return worth > 1 ? static_cast<size_t>(worth) : 1;
}

}  // namespace bitgrad
