#include "gemm.h"
#include "program.h"

namespace bitgrad {
namespace {

BITGRAD_INLINE bool isSet(const uint32_t* cancel) {
  return cancel != nullptr && __atomic_load_n(cancel, __ATOMIC_RELAXED) != 0;
}

// JavaScript may read the progress while a run goes on.
BITGRAD_INLINE void endStep(Place& place, uint32_t* control) {
  place.position += place.rows;
  place.step += 1;
  if (place.member > 0) return;
  __atomic_store_n(&control[0], static_cast<uint32_t>(place.position), __ATOMIC_RELAXED);
  __atomic_store_n(&control[2], static_cast<uint32_t>(place.step), __ATOMIC_RELAXED);
}

// What a step has to do: its rows, and of what they are a part.
BITGRAD_INLINE void beginStep(Place& place, const Plan& plan, const uint32_t* control) {
  place.rows = smaller(plan.batchSize, place.count - place.position);
  const size_t whole = plan.knowsParts ? readOnce(&control[3]) : 0;
  place.whole = whole == 0 ? place.rows : whole;
  place.before = plan.knowsParts ? readOnce(&control[4]) : 0;
  place.own = shareOf(place.rows, rowsTogether, place);
  place.isFirst = true;
}

// Runs the op at `i`, or the block that begins with it, and sets `i` to the last that was run.
BITGRAD_INLINE Status runNext(const Plan& plan, const Place& place, uint32_t& i) {
  const Op& first = plan.ops[i];
  const uint32_t length = first.plan->blockLength;
  if (length == 0) return first.run(first, place);
  Place part = place;
  for (size_t row = place.own.begin; row < place.own.end; row = part.own.end) {
    part.isFirst = row == place.own.begin;
    part.own = {row, smaller(row + first.plan->blockRows, place.own.end)};
    for (uint32_t at = i; at < i + length; ++at) {
      if (const Status status = plan.ops[at].run(plan.ops[at], part); status != done) return status;
    }
  }
  i += length - 1;
  return done;
}

Status runAlone(const Plan& plan, Place place, uint32_t steps, uint32_t* control,
                const uint32_t* cancel) {
  for (uint32_t left = steps; left > 0; --left) {
    if (isSet(cancel)) return aborted;
    beginStep(place, plan, control);
    for (uint32_t i = 0; i < plan.length; ++i) {
      if (const Status status = runNext(plan, place, i); status != done) return status;
    }
    endStep(place, control);
  }
  return done;
}

BITGRAD_INLINE uint32_t markOf(Status status) { return 1u << status; }

// Of several errors the one that has the greatest number.
BITGRAD_INLINE Status errorAmong(uint32_t marks) {
  constexpr Status errors[] = {badTarget, badIndex, nonFiniteLoss};
  for (const Status status : errors) {
    if ((marks & markOf(status)) != 0) return status;
  }
  return done;
}

// A member that meets with an error comes to the next meeting, like all others, but runs nothing on
// the way: what it had to prepare is not there. `marks` is what the member has to tell the next
// meeting: nothing, after one that found no error.
Status runStep(const Plan& plan, const Place& place, Team& team, uint32_t& marks) {
  for (uint32_t i = 0; i < plan.length; ++i) {
    const Op& op = plan.ops[i];
    if (op.meets) {
      if (const Status status = errorAmong(team.meet(team, marks)); status != done) return status;
      marks = 0;
    }
    if (marks != 0) continue;
    if (const Status status = runNext(plan, place, i); status != done) marks |= markOf(status);
  }
  return done;
}

Status runTogether(const Plan& plan, Place place, uint32_t steps, uint32_t* control,
                   const uint32_t* cancel, Team& team) {
  for (uint32_t left = steps; left > 0; --left) {
    beginStep(place, plan, control);
    uint32_t marks = 0;
    if (const Status status = runStep(plan, place, team, marks); status != done) return status;
    if (place.member == 0 && left > 1 && isSet(cancel)) marks |= markOf(aborted);
    marks = team.meet(team, marks);
    if (const Status status = errorAmong(marks); status != done) return status;
    endStep(place, control);
    if ((marks & markOf(aborted)) != 0) return aborted;
  }
  return done;
}

StepSize stepSize(const unsigned char* memory) {
  const Plan& plan = *reinterpret_cast<const Plan*>(memory);
  return {plan.batchSize, plan.multiplications};
}

Status run(const unsigned char* memory, Control start, uint32_t steps, uint32_t* control,
           const uint32_t* cancel, Team* team, size_t member) {
  const Plan& plan = *reinterpret_cast<const Plan*>(memory);
  const bool isAlone = team == nullptr || team->size == 1;
  const Place place{0,
                    start.position,
                    start.step,
                    start.count,
                    member,
                    isAlone ? 1 : team->size,
                    plan.scratch + member,
                    0,
                    0,
                    {0, 0},
                    true,
                    isAlone ? nullptr : team};
  const Status status = isAlone ? runAlone(plan, place, steps, control, cancel)
                                : runTogether(plan, place, steps, control, cancel, *team);
  for (uint32_t i = 0; i < plan.length; ++i) {
    if (plan.ops[i].finish != nullptr) plan.ops[i].finish(plan.ops[i], place);
  }
  return status;
}

}  // namespace
}  // namespace bitgrad
