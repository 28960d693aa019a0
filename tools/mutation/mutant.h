// Included before every source that cpp.mjs changes. BITGRAD_M(N) before an operand leaves it as it is, but in
// the process whose BITGRAD_MUTANT is N: there it is one more, one less or of the other sign; of what is true,
// the contrary. So one build holds all changes.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>

#include <cstdlib>
#include <type_traits>

namespace bitgrad_mutation {

constexpr int most = 4096;

// Which were come across: a file of a byte for each, BITGRAD_MUTANTS_REACHED, so that it is read between cases.
inline bool* marks() {
  static bool nobody_reads[most];
  const char* path = std::getenv("BITGRAD_MUTANTS_REACHED");
  const int file = path == nullptr ? -1 : open(path, O_RDWR);
  void* at = file < 0 ? MAP_FAILED : mmap(nullptr, most, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  return at == MAP_FAILED ? nobody_reads : static_cast<bool*>(at);
}

inline int chosen() {
  const char* text = std::getenv("BITGRAD_MUTANT");
  return text == nullptr ? 0 : std::atoi(text);
}

inline bool* const reached = marks();
inline const int active = chosen();

enum class Change { more, less, sign };

template <int id, Change change>
struct Mutant {};

// Numbers, pointers and vectors of numbers; nothing else has one more.
template <typename T>
concept Counted = requires(T value) { value + 1; } && !std::is_array_v<T> && !std::is_enum_v<T>;

template <int id, Change change, typename T>
  requires Counted<T> && (change != Change::sign || requires(T value) { -value; })
inline T operator*(Mutant<id, change>, const T& value) {
  reached[id] = true;
  if (active != id) return value;
  if constexpr (std::is_same_v<T, bool>) {
    return !value;
  } else if constexpr (change == Change::sign) {
    return static_cast<T>(-value);
  } else if constexpr (change == Change::less) {
    return static_cast<T>(value - 1);
  } else {
    return static_cast<T>(value + 1);
  }
}

}  // namespace bitgrad_mutation

#define BITGRAD_M(id, change) \
  bitgrad_mutation::Mutant<id, bitgrad_mutation::Change::change> {}
