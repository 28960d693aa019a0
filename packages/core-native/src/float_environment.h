// The processor's floating-point settings belong to the thread, and any other addon may have
// changed them: one built with -Ofast flushes subnormal numbers to zero as soon as it is loaded.
#pragma once

#include <cstdint>

namespace bitgrad {

// Round to nearest, keep subnormal numbers, raise no exception: while an object of this class
// lives. What was set before is put back after, as a whole word.
class FloatEnvironment {
 public:
  FloatEnvironment() : before_(get()) { set(contract); }
  ~FloatEnvironment() { set(before_); }
  FloatEnvironment(const FloatEnvironment&) = delete;
  FloatEnvironment& operator=(const FloatEnvironment&) = delete;

 private:
#if defined(__x86_64__)
  using Word = uint32_t;
  static constexpr Word contract = 0x1f80;  // MXCSR: all exceptions masked, all else off
  static Word get() { return __builtin_ia32_stmxcsr(); }
  static void set(Word word) { __builtin_ia32_ldmxcsr(word); }
#elif defined(__aarch64__)
  using Word = uint64_t;
  static constexpr Word contract = 0;  // FPCR
  static Word get() {
    Word word;
    asm volatile("mrs %0, fpcr" : "=r"(word));
    return word;
  }
  static void set(Word word) { asm volatile("msr fpcr, %0" : : "r"(word) : "memory"); }
#else
  // No setting is known here that would need it.
  using Word = uint32_t;
  static constexpr Word contract = 0;
  static Word get() { return contract; }
  static void set(Word) {}
#endif
  const Word before_;
};

}  // namespace bitgrad
