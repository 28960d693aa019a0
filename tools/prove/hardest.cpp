// Lists the inputs whose true value lies nearest to a rounding boundary of binary32, the nearest first: the
// hard cases of the unit tests (for exp first those of positive x). It is no part of the proof.
//
//   g++ -std=c++20 -O2 -ffp-contract=off hardest.cpp -o hardest -lmpfr -lgmp && ./hardest exp|log|tanh
//
// Each line: input, correctly rounded result, and the distance in units of the last place of binary64.
#include "exact.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "../../packages/core-native/src/elementary.h"

namespace {

struct Case {
  std::uint32_t input;
  double distance;
};

// A binary32 boundary between normal numbers has the last 29 bits 1000... in binary64.
constexpr std::int64_t boundary = 1 << 28;
constexpr std::int64_t reach = 64;

std::int64_t steps_from_boundary(double value) {
  return static_cast<std::int64_t>(std::bit_cast<u64>(value) & ((1u << 29) - 1)) - boundary;
}

template <class Evaluation>
void list(MpfrFunction function, Evaluation evaluation, std::uint32_t first, std::uint32_t last) {
  std::vector<Case> cases;
  for (std::uint32_t bits = first; bits < last; ++bits) {
    const float x = number_of(bits);
    const double value = evaluation(x);
    // The other values round to constants or are subnormal.
    if (!(std::fabs(value) > 0x1p-126 && std::fabs(value) < 0x1p128)) continue;
    const std::int64_t steps = steps_from_boundary(value);
    if (steps < -reach || steps > reach) continue;
    const double tie = std::bit_cast<double>(std::bit_cast<u64>(value) - steps);
    Big exact(200);
    mpfr_set_flt(exact.value, x, MPFR_RNDN);
    function(exact.value, exact.value, MPFR_RNDN);
    mpfr_sub_d(exact.value, exact.value, tie, MPFR_RNDN);
    const double unit = std::ldexp(1.0, std::ilogb(value) - 52);
    cases.push_back({bits, mpfr_get_d(exact.value, MPFR_RNDN) / unit});
  }
  std::sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) {
    return std::fabs(a.distance) < std::fabs(b.distance);
  });
  for (const Case& one : cases) {
    std::printf("%08x %08x %+.4f\n", one.input, judge(function, number_of(one.input)), one.distance);
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::string name = count == 2 ? arguments[1] : "";
  using namespace bitgrad::elementary;
  const std::uint32_t tiny = bits_of(0x1p-25f);
  if (name == "exp") {
    const auto evaluation = [](float x) { return exp_binary64(x); };
    list(mpfr_exp, evaluation, tiny, bits_of(89.0f));
    list(mpfr_exp, evaluation, tiny | sign_bit, bits_of(-88.0f));
  }
  if (name == "log") list(mpfr_log, [](float x) { return log_binary64(x); }, 1, infinity);
  if (name == "tanh") {
    const auto evaluation = [](float x) { return tanh_binary64(x); };
    list(mpfr_tanh, evaluation, bits_of(0x1p-13f), bits_of(9.25f));
  }
  return 0;
}
