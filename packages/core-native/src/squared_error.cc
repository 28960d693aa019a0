#include "squared_error.h"

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

Status runSquaredError(const BoundOp& op, const Place& place) {
  const size_t outputs = op.numbers[0];
  const float divisor = static_cast<float>(place.rows * outputs);
  float* losses = op.f32(2) + place.position;
  bool isFinite = true;
  const Range rows = rowsOf(place);
  for (size_t row = rows.begin; row < rows.end; ++row) {
    const size_t at = row * outputs;
    const float loss =
        squaredErrorRow(op.f32(0) + at, op.f32(1) + at, outputs, divisor, op.f32(3) + at);
    losses[row] = loss;
    isFinite = isFinite && __builtin_isfinite(loss);
  }
  return isFinite ? done : nonFiniteLoss;
}

Status runClassWeights(const BoundOp& op, const Place& place) {
  const size_t classes = op.numbers[0];
  const Range rows = rowsOf(place);
  for (size_t row = rows.begin; row < rows.end; ++row) {
    const uint32_t target = readOnce(op.u32(1) + row);
    if (target >= classes) return badTarget;
    float* dLogits = op.f32(0) + row * classes;
    const float weight = op.f32(2)[target];
    for (size_t j = 0; j < classes; ++j) dLogits[j] = dLogits[j] * weight;
  }
  return done;
}

}  // namespace
}  // namespace bitgrad
