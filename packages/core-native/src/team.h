// Threads that run plans together. They spin for a while when there is nothing to do, since the next
// meeting is mostly microseconds away, and then sleep.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "kernels.h"
#include "thread.h"

namespace bitgrad {

class ThreadTeam {
 public:
  static constexpr uint32_t mostMembers = 256;

  // The caller's thread is the first member; as many others are started as the system allows.
  explicit ThreadTeam(size_t size);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  // The work of one member. All members must meet equally often.
  using Work = Status (*)(void* context, Team& team, size_t member);

  // Calls `work` in each of the first `members` members, with the contract's floating-point settings
  // in all but the caller. Returns once all have returned, with the caller's result.
  Status run(size_t members, Work work, void* context);

 private:
  struct Meetings : Team {
    alignas(64) std::atomic<uint32_t> arrived{0};
    alignas(64) std::atomic<uint32_t> held{0};
    // The marks of all members since the call began: a call does not go on after the first ones.
    std::atomic<uint32_t> marks{0};
    // What they were at the last meeting.
    uint32_t agreed = 0;
  };
  struct Member {
    ThreadTeam* team;
    size_t index;
    Thread thread;
  };

  void announce(size_t members);
  static uint32_t meet(Team& team, uint32_t marks);
  static void serve(void* member);

  Meetings meetings_;
  size_t size_ = 1;
  // The number of the call of `run`, and how many members it is for, in one word: members that it
  // is not for may look at it late, and must not take what they find for another call's.
  alignas(64) std::atomic<uint32_t> call_{0};
  bool isEnding_ = false;
  Work work_ = nullptr;
  void* context_ = nullptr;
  std::unique_ptr<Member[]> others_;
};

}  // namespace bitgrad
