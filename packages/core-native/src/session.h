// A program's arena and plans, without JavaScript: shared by the session object, by the ArrayBuffer
// over the arena and by a run in another thread, and freed with the last of them.
#pragma once

#include <memory>
#include <vector>

#include "kernels.h"
#include "pages.h"

namespace bitgrad {

class Session {
 public:
  Session(const Kernels* kernels, size_t arenaBytes, size_t controlOffset);

  // Whether there was memory for the arena and all entries so far.
  bool hasMemory() const { return hasMemory_; }

  // Binds one more entry; false where the words make no entry.
  bool addEntry(const uint32_t* words, size_t count);

  size_t entryCount() const { return plans_.size(); }
  const Pages& arena() const { return arena_; }
  Control control() const;

  // Runs steps of an entry, with the contract's floating-point settings.
  Status run(size_t entry, Control start, uint32_t steps);

  // Ends a run in another thread before its next step.
  void cancel() { __atomic_store_n(&cancel_, 1, __ATOMIC_RELAXED); }
  void clearCancel() { __atomic_store_n(&cancel_, 0, __ATOMIC_RELAXED); }

 private:
  uint32_t* controlSlice() const;

  const Kernels* kernels_;
  Pages arena_;
  size_t controlOffset_;
  std::vector<std::unique_ptr<Pages>> plans_;
  bool hasMemory_;
  uint32_t cancel_ = 0;
};

}  // namespace bitgrad
