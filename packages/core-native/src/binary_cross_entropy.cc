#include "elementary.h"
#include "row_losses.h"

namespace bitgrad {
namespace {

// One row of dLogits = (sigmoid(z) − t) ÷ divisor. Returns the mean of the outputs' losses, each
// (max(z, +0) − z·t) + log(1 + exp(−|z|)).
float binaryCrossEntropyRow(const float* logits, const float* targets, size_t outputs,
                            float divisor, float* dLogits) {
  float sum = 0.0f;
  for (size_t j = 0; j < outputs; ++j) {
    const float logit = logits[j];
    const float target = targets[j];
    const float rest = bitgrad::log(1.0f + bitgrad::exp(logit <= 0.0f ? logit : -logit));
    const float line = (logit <= 0.0f ? 0.0f : logit) - logit * target;
    sum = sum + (line + rest);
    dLogits[j] = (bitgrad::sigmoid(logit) - target) / divisor;
  }
  return sum / static_cast<float>(outputs);
}

Status runOp(const BinaryCrossEntropy& op, const Place& place) {
  return runRowLosses(op, place, binaryCrossEntropyRow);
}

}  // namespace
}  // namespace bitgrad
