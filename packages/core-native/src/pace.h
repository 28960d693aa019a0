// Whether a team is faster than one thread is found by trying: a neighbour may be using the other
// cores. It makes no difference to the results.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace bitgrad {

class Pace {
 public:
  // Whether the next steps are the team's, and how many they are before it asks again.
  bool isTogether() const { return isTrial() ? !isTogetherBest() : isTogetherBest(); }
  uint32_t steps() const { return steps_; }

  // Calls work(), which runs `steps` steps as isTogether() says, and keeps how long it took.
  template <typename Work>
  auto measure(uint32_t steps, const Work& work) {
    const auto start = std::chrono::steady_clock::now();
    const auto result = work();
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
    note(taken.count() / steps);
    return result;
  }

 private:
  static constexpr double blockNanoseconds = 2e6;
  static constexpr uint32_t blocksBetweenTrials = 64;
  // A trial's first block wakes the others up, or wakes them in vain: only the second one counts.
  static constexpr uint32_t trialBlocks = 2;

  uint32_t turn() const { return blocks_ % blocksBetweenTrials; }
  bool isTrial() const { return turn() < trialBlocks; }
  bool isTogetherBest() const { return together_ <= alone_; }

  void note(double nanoseconds) {
    double& kept = isTogether() ? together_ : alone_;
    const bool isFirst = turn() == 0 || turn() == trialBlocks;
    if (!isFirst) kept = isTrial() || kept == 0 ? nanoseconds : (kept * 3 + nanoseconds) / 4;
    ++blocks_;
    steps_ = static_cast<uint32_t>(std::clamp(blockNanoseconds / nanoseconds, 1.0, 65536.0));
  }

  // Nanoseconds a step, 0 where not tried yet.
  double together_ = 0;
  double alone_ = 0;
  uint32_t steps_ = 4;
  uint32_t blocks_ = 0;
};

}  // namespace bitgrad
