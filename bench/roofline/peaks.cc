// The most that one core can do, in GFLOP/s: products and sums that each round (as Bitgrad's
// contract demands), and fused ones, on registers alone. Prints JSON, an object for each vector
// width that this machine has.
//
//   g++ -std=c++20 -O3 -ffp-contract=off peaks.cc -o peaks && ./peaks

#include <algorithm>
#include <chrono>
#include <cstdio>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace {

// Short turns, of which the best counts: a neighbour can only hold one back.
constexpr long kSteps = 500'000;
constexpr int kRepeats = 280;
// Enough independent sums to hide an addition's latency; few enough for 16 registers.
constexpr int kSums = 12;

// Makes the compiler believe that a register changes here, so that it can neither move a product
// out of the loop nor leave a sum away.
#if defined(__x86_64__)
#define OPAQUE(register) __asm__ volatile("" : "+v"(register))
#elif defined(__aarch64__)
#define OPAQUE(register) __asm__ volatile("" : "+w"(register))
#endif

// One function for each kind of vector and arithmetic: `step` is one sum's.
#define PEAK(name, attributes, Vector, splat, step)                         \
  attributes double name() {                                                \
    Vector factor = splat(1.0f), other = splat(1e-9f), sums[kSums];         \
    for (Vector& sum : sums) sum = splat(0.0f);                             \
    double best = 1e30;                                                     \
    for (int repeat = 0; repeat < kRepeats; ++repeat) {                     \
      const auto begun = std::chrono::steady_clock::now();                  \
      for (long i = 0; i < kSteps; ++i) {                                   \
        OPAQUE(factor);                                                     \
        _Pragma("GCC unroll 12") for (int at = 0; at < kSums; ++at) {       \
          OPAQUE(other);                                                    \
          sums[at] = step(factor, other, sums[at]);                         \
        }                                                                   \
      }                                                                     \
      for (Vector& sum : sums) OPAQUE(sum);                                 \
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun; \
      best = std::min(best, taken.count());                                 \
    }                                                                       \
    return 2.0 * kSums * kSteps * (sizeof(Vector) / sizeof(float)) / best / 1e9; \
  }

#define SUM_AND_PRODUCT(a, b, c) ((c) + (a) * (b))

#if defined(__x86_64__)
#define FUSED_256(a, b, c) _mm256_fmadd_ps(a, b, c)
#define FUSED_512(a, b, c) _mm512_fmadd_ps(a, b, c)
#define WITH(isa) __attribute__((target(isa)))
PEAK(separate128, , __m128, _mm_set1_ps, SUM_AND_PRODUCT)
PEAK(separate256, WITH("avx2"), __m256, _mm256_set1_ps, SUM_AND_PRODUCT)
PEAK(fused256, WITH("avx2,fma"), __m256, _mm256_set1_ps, FUSED_256)
PEAK(separate512, WITH("avx512f"), __m512, _mm512_set1_ps, SUM_AND_PRODUCT)
PEAK(fused512, WITH("avx512f"), __m512, _mm512_set1_ps, FUSED_512)
#elif defined(__aarch64__)
#define FUSED_NEON(a, b, c) vfmaq_f32(c, a, b)
PEAK(separate128, , float32x4_t, vdupq_n_f32, SUM_AND_PRODUCT)
PEAK(fused128, , float32x4_t, vdupq_n_f32, FUSED_NEON)
#endif

}  // namespace

int main() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  std::printf("{\"sse2\":{\"separate\":%.1f}", separate128());
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    std::printf(",\"avx2\":{\"separate\":%.1f,\"fused\":%.1f}", separate256(), fused256());
  }
  if (__builtin_cpu_supports("avx512f")) {
    std::printf(",\"avx512\":{\"separate\":%.1f,\"fused\":%.1f}", separate512(), fused512());
  }
  std::printf("}\n");
#elif defined(__aarch64__)
  std::printf("{\"neon\":{\"separate\":%.1f,\"fused\":%.1f}}\n", separate128(), fused128());
#else
  std::printf("{}\n");
#endif
}
