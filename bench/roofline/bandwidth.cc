// How fast one core reads memory that it has just read, in GB/s, by how much that is: what fits its caches, and
// what does not. Prints JSON, a pair of bytes and GB/s for each size.
//
//   g++ -std=c++20 -O3 bandwidth.cc -o bandwidth && ./bandwidth

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

constexpr size_t kSizes[] = {size_t{1} << 17, size_t{1} << 19, size_t{1} << 20, size_t{1} << 23, size_t{1} << 26};
// Short turns, of which the best counts: a neighbour can only hold one back.
constexpr size_t kBytesATurn = size_t{1} << 27;
constexpr int kTurns = 40;

// Bits are added up, as sums of numbers would wait for each other.
#if defined(__x86_64__)
__attribute__((target_clones("avx512f", "avx2", "default")))
#endif
uint64_t read(const uint64_t* words, size_t count) {
  uint64_t sums[32] = {};
  for (size_t i = 0; i < count; i += 32) {
    for (size_t at = 0; at < 32; ++at) sums[at] ^= words[i + at];
  }
  uint64_t all = 0;
  for (const uint64_t sum : sums) all ^= sum;
  return all;
}

}  // namespace

int main() {
  std::vector<uint64_t> words(kSizes[std::size(kSizes) - 1] / 8, 1);
  uint64_t kept = 0;
  const char* before = "[";
  for (const size_t bytes : kSizes) {
    const size_t times = kBytesATurn / bytes;
    double best = 1e30;
    for (int turn = 0; turn < kTurns; ++turn) {
      const auto begun = std::chrono::steady_clock::now();
      for (size_t i = 0; i < times; ++i) {
        kept += read(words.data(), bytes / 8);
        // Else the same bytes need be read once alone.
        __asm__ volatile("" : : : "memory");
      }
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
      best = std::min(best, taken.count());
    }
    std::printf("%s[%zu,%.1f]", before, bytes, times * bytes / best / 1e9);
    before = ",";
  }
  std::printf("]\n");
  return kept == 1;
}
