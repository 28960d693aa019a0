// A program's arena and plans, without JavaScript: shared by the session object and a run in another
// thread, and freed with the last of them. The arena alone is also shared by the ArrayBuffer over it,
// the samples by all sessions that gather from them.
#pragma once

#include <memory>
#include <vector>

#include "kernels.h"
#include "pace.h"
#include "pages.h"
#include "team.h"

namespace bitgrad {

// What sessions gather from, with the lists of what in it is not 0. Its lists are made in JavaScript's
// thread alone; those that there are, other threads read.
struct Samples {
  explicit Samples(size_t bytes) : pages(std::make_shared<const Pages>(bytes, PagesFor::data)) {}
  // In memory that somebody else keeps.
  Samples(unsigned char* data, size_t bytes) : pages(std::make_shared<const Pages>(data, bytes)) {}

  std::shared_ptr<const Pages> pages;
  std::vector<std::unique_ptr<Pages>> tables;
};

class Session {
 public:
  // With `isFixed`, each run uses all `threads`; otherwise at most as many, where that is faster.
  Session(const Kernels* kernels, size_t arenaBytes, std::shared_ptr<Samples> samples,
          size_t controlOffset, size_t threads, bool isFixed);

  // Whether there was memory for the arena and all entries so far.
  bool hasMemory() const { return hasMemory_; }

  // Binds one more entry; false where the words make no entry.
  bool addEntry(const uint32_t* words, size_t count);

  size_t entryCount() const { return plans_.size(); }
  const std::shared_ptr<const Pages>& arena() const { return arena_; }
  Control control() const;

  // Runs steps of an entry, with the contract's floating-point settings.
  Status run(size_t entry, Control start, uint32_t steps);

  // The samples will not change any more: goes on with listing what in them is not 0, if there is memory
  // for it, by about so many bytes of them. Returns whether that was all.
  bool freezeSome(size_t bytes);

  // Ends a run in another thread before its next step.
  void cancel() { __atomic_store_n(&cancel_, 1, __ATOMIC_RELAXED); }
  void clearCancel() { __atomic_store_n(&cancel_, 0, __ATOMIC_RELAXED); }

 private:
  struct Plan {
    explicit Plan(size_t bytes) : memory(bytes, PagesFor::scratch) {}

    Pages memory;
    StepSize size{};
    // Threads that may run it together.
    size_t members = 1;
    Pace pace;
  };

  // A table under way.
  struct Listing {
    TableProgress progress{};
    // Null until values are counted.
    std::unique_ptr<Pages> table;
  };

  // Goes on with a plan's table. Returns whether that was all, or there is no use for more.
  bool listSome(const unsigned char* plan, size_t bytes);
  uint32_t* controlSlice() const;
  Status runAlone(const Plan& plan, Control start, uint32_t steps);
  Status runTogether(const Plan& plan, Control start, uint32_t steps);
  Status runAtBestPace(Plan& plan, Control start, uint32_t steps);
  bool isCancelled() const { return __atomic_load_n(&cancel_, __ATOMIC_RELAXED) != 0; }

  const Kernels* kernels_;
  std::shared_ptr<const Pages> arena_;
  std::shared_ptr<Samples> samples_;
  size_t controlOffset_;
  size_t threads_;
  bool isFixed_;
  std::unique_ptr<ThreadTeam> team_;
  std::vector<std::unique_ptr<Plan>> plans_;
  // Plans whose samples `freezeSome` is done with, and what it has of the next one's.
  size_t frozenPlans_ = 0;
  std::unique_ptr<Listing> listing_;
  bool hasMemory_;
  uint32_t cancel_ = 0;
};

}  // namespace bitgrad
