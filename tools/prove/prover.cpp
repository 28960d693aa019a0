// Proves that elementary.h is correctly rounded. See RESULT.md for how, and prove.mjs for how it is run.
//
//   prover check exp FIRST COUNT STRIDE    compares units of 2^23 inputs with the true values
//   prover values exp FIRST COUNT STRIDE   writes the results for units of consecutive inputs to stdout
//
// STRIDE 1 takes every input of a unit, a larger one takes a sample.
#include "exact.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "../../packages/core-native/src/elementary.h"

namespace {

constexpr std::uint32_t unit_size = 1u << 23;
constexpr std::uint32_t units = 512;

u64 checked = 0;
u64 judged = 0;
u64 mismatches = 0;

void compare(float x, std::uint32_t actual, std::uint32_t expected) {
  if (actual == expected) return;
  if (++mismatches <= 10) std::printf("mismatch %08x %08x %08x\n", bits_of(x), actual, expected);
}

void compare_with_judge(MpfrFunction function, float x, std::uint32_t actual) {
  ++judged;
  compare(x, actual, judge(function, x));
}

// The constant ranges below rest on these values: both functions rise, and so do their rounded values.
void check_thresholds() {
  const bool fine = judge(mpfr_exp, 89.0f) == infinity && judge(mpfr_exp, -104.0f) == 0 &&
                    judge(mpfr_exp, 0x1p-25f) == one && judge(mpfr_exp, -0x1p-25f) == one &&
                    judge(mpfr_tanh, 9.25f) == one;
  if (fine) return;
  std::fprintf(stderr, "The thresholds of the constant ranges are wrong.\n");
  std::exit(2);
}

// e^x for all x = digits * 2^exponent of one unit: e^x = e^high * e^low, with both factors from a table.
class ExponentialTable {
 public:
  ExponentialTable(bool negative, int exponent) {
    Big argument(64);
    Big value(128);
    const auto entry = [&](std::uint32_t digits) {
      mpfr_set_ui_2exp(argument.value, digits, exponent, MPFR_RNDN);
      if (negative) mpfr_neg(argument.value, argument.value, MPFR_RNDN);
      mpfr_exp(value.value, argument.value, MPFR_RNDD);
      return wide_from(value.value);
    };
    for (std::uint32_t i = 0; i < 4096; ++i) high_[i] = entry(unit_size + (i << 11));
    for (std::uint32_t i = 0; i < 2048; ++i) low_[i] = entry(i);
  }

  // The true value lies between digits and digits + 3: with factors a and b that are each less than 1
  // too small, the product a * b < 2^256 is less than 2^129 + 1 too small, and 2^128 more is cut off.
  Wide at(std::uint32_t fraction) const {
    const Wide& a = high_[fraction >> 11];
    const Wide& b = low_[fraction & 2047];
    return {multiply_high(a.digits, b.digits), a.exponent + b.exponent + 128};
  }

 private:
  Wide high_[4096];
  Wide low_[2048];
};

// A unit of exp: all numbers of one sign and one binary exponent.
void check_exp(std::uint32_t unit, std::uint32_t stride) {
  const bool negative = unit >= 256;
  const int exponent = static_cast<int>(unit & 255);
  const std::uint32_t far = negative ? 0 : infinity;
  // Below 2^-25 all is 1, and above 128 all is 0 or infinite.
  const bool constant = exponent <= 101 || exponent >= 134;
  std::unique_ptr<ExponentialTable> table;
  if (!constant) table = std::make_unique<ExponentialTable>(negative, exponent - 150);
  for (std::uint32_t fraction = 0; fraction < unit_size; fraction += stride) {
    const float x = number_of((unit << 23) | fraction);
    const std::uint32_t actual = canonical(bitgrad::exp(x));
    ++checked;
    if (exponent == 255 && fraction != 0) {
      compare(x, actual, quiet_nan);
    } else if (constant) {
      compare(x, actual, exponent <= 101 ? one : far);
    } else if (x >= 89.0f || x <= -104.0f) {
      compare(x, actual, far);
    } else {
      const Wide e = table->at(fraction);
      const u128 quarter = e.digits >> 2;
      std::uint32_t expected = 0;
      if (round_interval(quarter - 1, quarter + 2, e.exponent + 2, expected)) {
        compare(x, actual, expected);
      } else {
        compare_with_judge(mpfr_exp, x, actual);
      }
    }
  }
}

// tanh(x) > m / 2^k exactly if e^(2x) * (2^k - m) > 2^k + m, because tanh(x) = (e^2x - 1) / (e^2x + 1).
// `e` is e^(2x) * 2^60, rounded down, and at most 2 too small. The largest product is below 2^128.
bool is_above(u128 e, u64 m, int k) {
  const u64 whole = 1ull << k;
  return e * (whole - m) > static_cast<u128>(whole + m) << 60;
}

bool is_below(u128 e, u64 m, int k) {
  const u64 whole = 1ull << k;
  return (e + 2) * (whole - m) < static_cast<u128>(whole + m) << 60;
}

// Whether tanh(x) lies between the two rounding boundaries of y, for 2^-14 < y <= 1.
bool is_nearest_tanh(Wide exponential, std::uint32_t y) {
  const u128 e = exponential.digits >> -(exponential.exponent + 60);
  const u64 digits = (y & 0x7fffff) | 0x800000;
  const int scale = 150 - static_cast<int>(y >> 23);
  // The number below a power of two is half as far away as the one above.
  const bool above = digits == 0x800000 ? is_above(e, 4 * digits - 1, scale + 2)
                                        : is_above(e, 2 * digits - 1, scale + 1);
  return above && (y == one || is_below(e, 2 * digits + 1, scale + 1));
}

// A unit of tanh: all numbers of one sign and one binary exponent. Negative x are checked as -tanh(-x).
void check_tanh(std::uint32_t unit, std::uint32_t stride) {
  const std::uint32_t sign = unit >= 256 ? sign_bit : 0;
  const int exponent = static_cast<int>(unit & 255);
  // From 2^-13 to 16 the table of e^(2x) is needed.
  const bool constant = exponent < 114 || exponent > 130;
  std::unique_ptr<ExponentialTable> table;
  if (!constant) table = std::make_unique<ExponentialTable>(false, exponent - 149);
  for (std::uint32_t fraction = 0; fraction < unit_size; fraction += stride) {
    const float x = number_of((unit << 23) | fraction);
    const std::uint32_t actual = canonical(bitgrad::tanh(x));
    ++checked;
    if (exponent == 255 && fraction != 0) {
      compare(x, actual, quiet_nan);
    } else if (exponent < 114) {
      // x - x^3/3 < tanh(x) < x for x > 0: less than 2^-27 of x away, while a boundary is 2^-25 away.
      compare(x, actual, bits_of(x));
    } else if (exponent > 130 || x >= 9.25f || x <= -9.25f) {
      compare(x, actual, one | sign);
    } else {
      const std::uint32_t size = actual ^ sign;
      const bool in_range = size > bits_of(0x1p-14f) && size <= one;
      if (!in_range || !is_nearest_tanh(table->at(fraction), size)) {
        compare_with_judge(mpfr_tanh, x, actual);
      }
    }
  }
}

// floor(value * 2^118). The value has a precision of more than 118 + 1 digits.
i128 fixed_from(mpfr_srcptr value) {
  Big rest(192);
  mpfr_mul_2si(rest.value, value, 118 - 64, MPFR_RNDD);
  const u64 high = mpfr_get_ui(rest.value, MPFR_RNDD);
  mpfr_sub_ui(rest.value, rest.value, high, MPFR_RNDD);
  mpfr_mul_2si(rest.value, rest.value, 64, MPFR_RNDD);
  return (static_cast<i128>(high) << 64) | mpfr_get_ui(rest.value, MPFR_RNDD);
}

// A unit of log: 2^14 fractions, each with all signs and exponents, since log(2^n * m) = n ln 2 + log m.
void check_log(std::uint32_t unit, std::uint32_t stride) {
  Big value(160);
  mpfr_const_log2(value.value, MPFR_RNDD);
  const i128 ln2 = fixed_from(value.value);
  Big argument(24);
  const std::uint32_t end = (unit + 1) << 14;
  for (std::uint32_t fraction = (unit << 14) + (stride - (unit << 14) % stride) % stride;
       fraction < end; fraction += stride) {
    mpfr_set_ui_2exp(argument.value, unit_size + fraction, -23, MPFR_RNDN);
    mpfr_log(value.value, argument.value, MPFR_RNDD);
    const i128 log_m = fixed_from(value.value);
    for (std::uint32_t top = 0; top < units; ++top) {
      const float x = number_of((top << 23) | fraction);
      const std::uint32_t actual = canonical(bitgrad::log(x));
      ++checked;
      if (x == 0.0f) {
        compare(x, actual, infinity | sign_bit);
      } else if (top >= 256 || (top == 255 && fraction != 0)) {
        compare(x, actual, quiet_nan);
      } else if (top == 255) {
        compare(x, actual, infinity);
      } else if (bits_of(x) == one) {
        compare(x, actual, 0);
      } else {
        // Both parts are rounded down, by less than 1 and less than |n| + 1 <= 127.
        const i128 sum = (static_cast<int>(top) - 127) * ln2 + log_m;
        const bool negative = sum < 0;
        const u128 size = static_cast<u128>(negative ? -sum : sum);
        std::uint32_t expected = 0;
        if (top != 0 && round_interval(size - 200, size + 200, -118, expected)) {
          compare(x, actual, negative ? expected | sign_bit : expected);
        } else {
          compare_with_judge(mpfr_log, x, actual);
        }
      }
    }
  }
}

template <class Function>
void write_values(Function function, std::uint32_t unit, std::uint32_t stride) {
  std::vector<std::uint32_t> values;
  values.reserve(unit_size / stride + 1);
  for (std::uint32_t fraction = 0; fraction < unit_size; fraction += stride) {
    values.push_back(canonical(function(number_of((unit << 23) | fraction))));
  }
  std::fwrite(values.data(), sizeof values[0], values.size(), stdout);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 6) return 2;
  const char* function = arguments[2];
  const std::uint32_t first = static_cast<std::uint32_t>(std::atol(arguments[3]));
  const std::uint32_t end = first + static_cast<std::uint32_t>(std::atol(arguments[4]));
  const std::uint32_t stride = static_cast<std::uint32_t>(std::atol(arguments[5]));
  const auto is = [&](const char* name) { return std::strcmp(function, name) == 0; };
  if (end > units || stride == 0) return 2;
  if (std::strcmp(arguments[1], "values") == 0) {
    for (std::uint32_t unit = first; unit < end; ++unit) {
      if (is("exp")) write_values([](float x) { return bitgrad::exp(x); }, unit, stride);
      if (is("log")) write_values([](float x) { return bitgrad::log(x); }, unit, stride);
      if (is("tanh")) write_values([](float x) { return bitgrad::tanh(x); }, unit, stride);
      if (is("sigmoid")) write_values([](float x) { return bitgrad::sigmoid(x); }, unit, stride);
    }
    return 0;
  }
  check_thresholds();
  for (std::uint32_t unit = first; unit < end; ++unit) {
    if (is("exp")) check_exp(unit, stride);
    if (is("log")) check_log(unit, stride);
    if (is("tanh")) check_tanh(unit, stride);
  }
  std::printf("checked %llu judged %llu mismatches %llu\n", static_cast<unsigned long long>(checked),
              static_cast<unsigned long long>(judged), static_cast<unsigned long long>(mismatches));
  return 0;
}
