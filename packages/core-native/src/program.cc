#include "program.h"

namespace bitgrad {
namespace {

Status run(const unsigned char* memory, Control start, uint32_t steps, uint32_t* control,
           const uint32_t* cancel) {
  const Plan& plan = *reinterpret_cast<const Plan*>(memory);
  Place place{0, start.position, start.step, start.count};
  for (uint32_t left = steps; left > 0; --left) {
    if (cancel != nullptr && __atomic_load_n(cancel, __ATOMIC_RELAXED) != 0) return aborted;
    place.rows = smaller(plan.batchSize, place.count - place.position);
    for (uint32_t i = 0; i < plan.length; ++i) {
      const Status status = plan.ops[i].run(plan.ops[i], place);
      if (status != done) return status;
    }
    place.position += place.rows;
    place.step += 1;
    // JavaScript may read the progress while this runs.
    __atomic_store_n(&control[0], static_cast<uint32_t>(place.position), __ATOMIC_RELAXED);
    __atomic_store_n(&control[2], static_cast<uint32_t>(place.step), __ATOMIC_RELAXED);
  }
  return done;
}

}  // namespace
}  // namespace bitgrad
