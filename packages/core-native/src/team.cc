#include "team.h"

#include <algorithm>

#include "float_environment.h"

namespace bitgrad {
namespace {

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Returns once `value` is no longer `seen`. Some twenty microseconds pass before it sleeps: less
// than waking up takes, and little to lose where another program needs the core.
void waitWhile(const std::atomic<uint32_t>& value, uint32_t seen) {
  constexpr int spins = 1000;
  for (int i = 0; i < spins; ++i) {
    if (value.load(std::memory_order_acquire) != seen) return;
    relax();
  }
  value.wait(seen, std::memory_order_acquire);
}

}  // namespace

ThreadTeam::ThreadTeam(size_t size) : others_(std::make_unique<Member[]>(size - 1)) {
  meetings_.meet = meet;
  for (; size_ < size; ++size_) {
    Member& member = others_[size_ - 1];
    member.team = this;
    member.index = size_;
    if (!member.thread.start(serve, &member)) break;
  }
}

ThreadTeam::~ThreadTeam() {
  isEnding_ = true;
  announce(size_);
  for (size_t i = 0; i + 1 < size_; ++i) others_[i].thread.join();
}

void ThreadTeam::announce(size_t members) {
  const uint32_t number = call_.load(std::memory_order_relaxed) / mostMembers + 1;
  call_.store(number * mostMembers + static_cast<uint32_t>(members), std::memory_order_release);
  call_.notify_all();
}

Status ThreadTeam::run(size_t members, Work work, void* context) {
  meetings_.size = std::min(members, size_);
  meetings_.marks.store(0, std::memory_order_relaxed);
  work_ = work;
  context_ = context;
  announce(meetings_.size);
  const Status status = work(context, meetings_, 0);
  meet(meetings_, 0);
  return status;
}

uint32_t ThreadTeam::meet(Team& team, uint32_t marks) {
  auto& meetings = static_cast<Meetings&>(team);
  const uint32_t held = meetings.held.load(std::memory_order_relaxed);
  // Read before arriving, as the next run may have fewer members.
  const size_t size = meetings.size;
  if (marks != 0) meetings.marks.fetch_or(marks, std::memory_order_relaxed);
  if (meetings.arrived.fetch_add(1, std::memory_order_acq_rel) + 1 < size) {
    waitWhile(meetings.held, held);
    return meetings.agreed;
  }
  meetings.arrived.store(0, std::memory_order_relaxed);
  meetings.agreed = meetings.marks.load(std::memory_order_relaxed);
  meetings.held.store(held + 1, std::memory_order_release);
  meetings.held.notify_all();
  return meetings.agreed;
}

void ThreadTeam::serve(void* context) {
  const auto& member = *static_cast<Member*>(context);
  ThreadTeam& team = *member.team;
  const FloatEnvironment environment;
  for (uint32_t seen = 0;;) {
    waitWhile(team.call_, seen);
    seen = team.call_.load(std::memory_order_acquire);
    if (member.index >= seen % mostMembers) continue;
    if (team.isEnding_) return;
    team.work_(team.context_, team.meetings_, member.index);
    meet(team.meetings_, 0);
  }
}

}  // namespace bitgrad
