#include "row_losses.h"

namespace bitgrad {
namespace {

// One row of dLogits = (2 · (z − t)) ÷ divisor. Returns the mean of the outputs' squared errors.
float squaredErrorRow(const float* logits, const float* targets, size_t outputs, float divisor,
                      float* dLogits) {
  float sum = 0.0f;
  for (size_t j = 0; j < outputs; ++j) {
    const float error = logits[j] - targets[j];
    sum = sum + error * error;
    dLogits[j] = (2.0f * error) / divisor;
  }
  return sum / static_cast<float>(outputs);
}

Status runOp(const SquaredError& op, const Place& place) {
  return runRowLosses(op, place, squaredErrorRow);
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
