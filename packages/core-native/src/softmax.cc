#include "softmax.h"

#include "elementary.h"

namespace bitgrad {
namespace {

// The loops below select instead of branching: which logit is the largest cannot be foreseen.
size_t argmaxRow(const float* values, size_t width) {
  size_t best = 0;
  float largest = width == 0 ? 0.0f : values[0];
  for (size_t j = 1; j < width; ++j) {
    const bool isLarger = values[j] > largest;
    best = isLarger ? j : best;
    largest = isLarger ? values[j] : largest;
  }
  return best;
}

// values[argmaxRow(values)], of at least one value.
BITGRAD_INLINE float maximumRow(const float* values, size_t width) {
  float largest = values[0];
  for (size_t j = 1; j < width; ++j) largest = values[j] > largest ? values[j] : largest;
  return largest;
}

// Writes e_j = exp(z_j − m) for one row. Returns S, the sum of e in index order.
BITGRAD_INLINE float exponentials(const float* logits, size_t classes, float largest, float* out) {
  for (size_t j = 0; j < classes; ++j) out[j] = bitgrad::exp(logits[j] - largest);
  float sum = 0.0f;
  for (size_t j = 0; j < classes; ++j) sum = sum + out[j];
  return sum;
}

void softmaxRow(const float* logits, size_t classes, float* out) {
  if (classes == 0) return;
  const float largest = maximumRow(logits, classes);
  const float sum = exponentials(logits, classes, largest, out);
  for (size_t j = 0; j < classes; ++j) out[j] = out[j] / sum;
}

float crossEntropyRow(const float* logits, size_t classes, size_t target, float rows,
                      float* dLogits) {
  const float largest = maximumRow(logits, classes);
  const float sum = exponentials(logits, classes, largest, dLogits);
  const float loss = bitgrad::log(sum) - (logits[target] - largest);
  for (size_t j = 0; j < classes; ++j) dLogits[j] = dLogits[j] / sum;
  dLogits[target] = dLogits[target] - 1.0f;
  for (size_t j = 0; j < classes; ++j) dLogits[j] = dLogits[j] / rows;
  return loss;
}

}  // namespace
}  // namespace bitgrad
