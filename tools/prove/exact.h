// The tools of the proof: bits of binary32, MPFR as the judge, and rounding of intervals.
#pragma once

#include <mpfr.h>

#include <bit>
#include <cstdint>

using u64 = std::uint64_t;
using u128 = unsigned __int128;
using i128 = __int128;

inline constexpr std::uint32_t quiet_nan = 0x7fc00000;
inline constexpr std::uint32_t infinity = 0x7f800000;
inline constexpr std::uint32_t one = 0x3f800000;
inline constexpr std::uint32_t sign_bit = 0x80000000;

inline std::uint32_t bits_of(float x) { return std::bit_cast<std::uint32_t>(x); }
inline float number_of(std::uint32_t bits) { return std::bit_cast<float>(bits); }

// All NaN count as the same value (numeric contract, rule 6).
inline std::uint32_t canonical(float x) { return x != x ? quiet_nan : bits_of(x); }

using MpfrFunction = int (*)(mpfr_t, mpfr_srcptr, mpfr_rnd_t);

// An MPFR number that frees itself.
struct Big {
  mpfr_t value;
  explicit Big(int precision) { mpfr_init2(value, precision); }
  ~Big() { mpfr_clear(value); }
  Big(const Big&) = delete;
  Big& operator=(const Big&) = delete;
};

// The correctly rounded result according to MPFR. With 24 digits, the exponent range of binary32 and
// mpfr_subnormalize, MPFR rounds the exact value once, as IEEE-754 asks.
inline std::uint32_t judge(MpfrFunction function, float x) {
  const mpfr_exp_t low = mpfr_get_emin();
  const mpfr_exp_t high = mpfr_get_emax();
  mpfr_set_emin(-148);
  mpfr_set_emax(128);
  Big argument(24);
  Big result(24);
  mpfr_set_flt(argument.value, x, MPFR_RNDN);
  const int side = function(result.value, argument.value, MPFR_RNDN);
  mpfr_subnormalize(result.value, side, MPFR_RNDN);
  const float rounded = mpfr_get_flt(result.value, MPFR_RNDN);
  mpfr_set_emin(low);
  mpfr_set_emax(high);
  return canonical(rounded);
}

// Rounds any number strictly between low * 2^exponent and high * 2^exponent to binary32. Returns false
// when the interval holds a rounding boundary or leaves the finite numbers; then MPFR must decide.
// Needs 0 < low < high < 2^126 + 4.
inline bool round_interval(u128 low, u128 high, int exponent, std::uint32_t& bits) {
  const u64 upper = static_cast<u64>(low >> 64);
  const int length = upper != 0 ? 128 - std::countl_zero(upper)
                                : 64 - std::countl_zero(static_cast<u64>(low));
  // The weight of the last digit kept: 24 digits, or fewer where binary32 is subnormal.
  int last = length + exponent - 24;
  if (last < -149) last = -149;
  const int dropped = last - exponent;
  if (dropped < 1 || dropped > 127 || last > 104) return false;
  const u128 half = static_cast<u128>(1) << (dropped - 1);
  const u128 rounded = (low + half) >> dropped;
  if (rounded != (high + half) >> dropped) return false;
  // `rounded` counts steps of 2^last. It may be 2^24, and then the addition carries into the exponent.
  const std::uint32_t digits = static_cast<std::uint32_t>(rounded);
  bits = static_cast<std::uint32_t>(last + 149) * 0x800000u + digits;
  return bits < infinity;
}

// A positive number as digits * 2^exponent with 2^127 <= digits < 2^128. The true value lies between
// digits and digits + 1.
struct Wide {
  u128 digits;
  int exponent;
};

// Takes a value that was rounded down to 128 digits.
inline Wide wide_from(mpfr_srcptr value) {
  static_assert(sizeof(unsigned long) == 8);
  Big rest(128);
  const int exponent = static_cast<int>(mpfr_get_exp(value)) - 128;
  mpfr_mul_2si(rest.value, value, -exponent - 64, MPFR_RNDD);
  const u64 high = mpfr_get_ui(rest.value, MPFR_RNDD);
  mpfr_sub_ui(rest.value, rest.value, high, MPFR_RNDD);
  mpfr_mul_2si(rest.value, rest.value, 64, MPFR_RNDD);
  const u64 low = mpfr_get_ui(rest.value, MPFR_RNDD);
  return {(static_cast<u128>(high) << 64) | low, exponent};
}

// The upper half of a 256-bit product, rounded down.
inline u128 multiply_high(u128 a, u128 b) {
  const u64 a1 = static_cast<u64>(a >> 64), a0 = static_cast<u64>(a);
  const u64 b1 = static_cast<u64>(b >> 64), b0 = static_cast<u64>(b);
  const u128 low = static_cast<u128>(a0) * b0;
  const u128 left = static_cast<u128>(a1) * b0 + static_cast<u64>(low >> 64);
  const u128 right = static_cast<u128>(a0) * b1 + static_cast<u64>(left);
  return static_cast<u128>(a1) * b1 + static_cast<u64>(left >> 64) + static_cast<u64>(right >> 64);
}
