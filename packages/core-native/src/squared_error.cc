#include "program.h"

namespace bitgrad {
namespace {

// One row of dLogits = (2 · (z − t)) ÷ divisor. Returns the mean of the outputs' squared errors.
BITGRAD_INLINE float squaredErrorRow(const float* logits, const float* targets, size_t outputs,
                                     float divisor, float* dLogits) {
  float sum = 0.0f;
  for (size_t j = 0; j < outputs; ++j) {
    const float error = logits[j] - targets[j];
    sum = sum + error * error;
    dLogits[j] = (2.0f * error) / divisor;
  }
  return sum / static_cast<float>(outputs);
}

Status runOp(const SquaredError& op, const Place& place) {
  const size_t outputs = op.outputs();
  const float divisor = static_cast<float>(place.whole * outputs);
  bool isFinite = true;
  const Range rows = rowsOf(place);
  for (size_t row = rows.begin; row < rows.end; ++row) {
    const size_t at = row * outputs;
    const float loss = squaredErrorRow(op.logits() + at, op.targets() + at, outputs, divisor,
                                       op.dLogits() + at);
    op.losses()[place.position + row] = loss;
    isFinite = isFinite && __builtin_isfinite(loss);
  }
  return isFinite ? done : nonFiniteLoss;
}

Status runOp(const ClassWeights& op, const Place& place) {
  const size_t classes = op.classes();
  const Range rows = rowsOf(place);
  for (size_t row = rows.begin; row < rows.end; ++row) {
    const uint32_t target = readOnce(op.targets() + row);
    if (target >= classes) return badTarget;
    float* dLogits = op.dLogits() + row * classes;
    const float weight = op.weights()[target];
    for (size_t j = 0; j < classes; ++j) dLogits[j] = dLogits[j] * weight;
  }
  return done;
}

}  // namespace
}  // namespace bitgrad
