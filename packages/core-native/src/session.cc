#include "session.h"

#include <algorithm>

#include "float_environment.h"
#include "members.h"

namespace bitgrad {

Session::Session(const Kernels* kernels, size_t arenaBytes, std::shared_ptr<Samples> samples,
                 size_t controlOffset, size_t threads, bool isFixed)
    : kernels_(kernels),
      arena_(std::make_shared<const Pages>(arenaBytes, PagesFor::data)),
      samples_(std::move(samples)),
      controlOffset_(controlOffset),
      threads_(threads),
      isFixed_(isFixed),
      hasMemory_(arena_->data() != nullptr && samples_->pages->data() != nullptr) {}

bool Session::addEntry(const uint32_t* words, size_t count) {
  const size_t bytes = kernels_->bind(words, count, arena_->data(), samples_->pages->data(), nullptr, threads_);
  if (bytes == 0) return false;
  auto plan = std::make_unique<Plan>(bytes);
  if (plan->memory.data() == nullptr) {
    hasMemory_ = false;
    return true;
  }
  kernels_->bind(words, count, arena_->data(), samples_->pages->data(), plan->memory.data(), threads_);
  plan->size = kernels_->stepSize(plan->memory.data());
  plan->members = isFixed_ ? threads_ : membersFor(plan->size, threads_);
  plans_.push_back(std::move(plan));
  return true;
}

bool Session::freezeSome(size_t bytes) {
  std::vector<std::unique_ptr<Pages>>& tables = samples_->tables;
  for (; frozenPlans_ < plans_.size(); ++frozenPlans_) {
    const unsigned char* plan = plans_[frozenPlans_]->memory.data();
    const auto fits = [&](const auto& table) { return kernels_->useSampleTable(plan, table->data()); };
    if (std::any_of(tables.begin(), tables.end(), fits)) {
      // Another session may have made it while this one was at its own.
      listing_ = nullptr;
      continue;
    }
    if (listing_ == nullptr) listing_ = std::make_unique<Listing>();
    if (!listSome(plan, bytes)) return false;
    const auto listing = std::move(listing_);
    if (!listing->progress.isWhole) continue;
    kernels_->useSampleTable(plan, listing->table->data());
    tables.push_back(std::move(listing->table));
  }
  frozenPlans_ = 0;
  return true;
}

bool Session::listSome(const unsigned char* plan, size_t bytes) {
  auto& [progress, table] = *listing_;
  if (table != nullptr) return kernels_->listSamples(plan, bytes, table->data(), progress);
  if (!kernels_->countSamples(plan, bytes, progress)) return false;
  if (progress.tableBytes == 0) return true;
  table = std::make_unique<Pages>(progress.tableBytes, PagesFor::data);
  return table->data() == nullptr;
}

uint32_t* Session::controlSlice() const {
  return reinterpret_cast<uint32_t*>(arena_->data() + controlOffset_);
}

Control Session::control() const {
  const uint32_t* control = controlSlice();
  return {control[0], control[1], control[2]};
}

Status Session::run(size_t entry, Control start, uint32_t steps) {
  const FloatEnvironment environment;
  Plan& plan = *plans_[entry];
  if (plan.members == 1) return runAlone(plan, start, steps);
  return isFixed_ ? runTogether(plan, start, steps) : runAtBestPace(plan, start, steps);
}

Status Session::runAtBestPace(Plan& plan, Control start, uint32_t steps) {
  for (uint32_t left = steps; left > 0;) {
    if (isCancelled()) return aborted;
    const uint32_t block = std::min(left, plan.pace.steps());
    const Status status = plan.pace.measure(block, [&] {
      return plan.pace.isTogether() ? runTogether(plan, start, block)
                                    : runAlone(plan, start, block);
    });
    if (status != done) return status;
    // The slice is not asked: JavaScript may have written to it, and this has been checked.
    start.position = std::min(start.position + block * plan.size.rows, start.count);
    start.step += block;
    left -= block;
  }
  return done;
}

Status Session::runAlone(const Plan& plan, Control start, uint32_t steps) {
  return kernels_->run(plan.memory.data(), start, steps, controlSlice(), &cancel_, nullptr, 0);
}

Status Session::runTogether(const Plan& plan, Control start, uint32_t steps) {
  if (team_ == nullptr) team_ = std::make_unique<ThreadTeam>(threads_);
  struct Job {
    Session& session;
    const Plan& plan;
    Control start;
    uint32_t steps;
  } job{*this, plan, start, steps};
  return team_->run(
      plan.members,
      [](void* context, Team& team, size_t member) {
        const Job& own = *static_cast<Job*>(context);
        Session& session = own.session;
        return session.kernels_->run(own.plan.memory.data(), own.start, own.steps,
                                     session.controlSlice(), &session.cancel_, &team, member);
      },
      &job);
}

}  // namespace bitgrad
