// What the losses of numbers have in common.
#pragma once

#include "program.h"

namespace bitgrad {
namespace {

// Stores each row's loss, which row(logits, targets, outputs, divisor, dLogits) returns.
template <typename View, typename Row>
BITGRAD_INLINE Status runRowLosses(const View& op, const Place& place, const Row& row) {
  const size_t outputs = op.outputs();
  const float divisor = static_cast<float>(place.whole * outputs);
  bool isFinite = true;
  const Range rows = rowsOf(place);
  for (size_t i = rows.begin; i < rows.end; ++i) {
    const size_t at = i * outputs;
    const float loss =
        row(op.logits() + at, op.targets() + at, outputs, divisor, op.dLogits() + at);
    op.losses()[place.position + i] = loss;
    isFinite = isFinite && __builtin_isfinite(loss);
  }
  return isFinite ? done : nonFiniteLoss;
}

}  // namespace
}  // namespace bitgrad
