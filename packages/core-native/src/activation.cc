#include "activation.h"

#include "elementary.h"
#include "program.h"

namespace bitgrad {
namespace {

constexpr float leakySlope = 0.01f;

template <typename Function>
BITGRAD_INLINE void replace(float* values, size_t length, Function function) {
  for (size_t i = 0; i < length; ++i) values[i] = function(values[i]);
}

template <typename Function>
BITGRAD_INLINE void replaceGrad(const float* __restrict results, float* __restrict gradients,
                                size_t length, Function function) {
  for (size_t i = 0; i < length; ++i) gradients[i] = function(results[i], gradients[i]);
}

void activate(ActivationName name, float* values, size_t length) {
  switch (name) {
    case ActivationName::relu:
      return replace(values, length, [](float v) { return v <= 0.0f ? 0.0f : v; });
    case ActivationName::sigmoid:
      return replace(values, length, [](float v) { return bitgrad::sigmoid(v); });
    case ActivationName::tanh:
      return replace(values, length, [](float v) { return bitgrad::tanh(v); });
    case ActivationName::leakyRelu:
      return replace(values, length, [](float v) { return v > 0.0f ? v : v * leakySlope; });
    case ActivationName::elu:
      return replace(values, length, [](float v) { return v > 0.0f ? v : bitgrad::exp(v) - 1.0f; });
  }
}

void activateGrad(ActivationName name, const float* results, float* gradients, size_t length) {
  switch (name) {
    case ActivationName::relu:
      return replaceGrad(results, gradients, length,
                         [](float y, float d) { return y > 0.0f ? d : 0.0f; });
    case ActivationName::sigmoid:
      return replaceGrad(results, gradients, length,
                         [](float y, float d) { return d * (y * (1.0f - y)); });
    case ActivationName::tanh:
      return replaceGrad(results, gradients, length,
                         [](float y, float d) { return d * (1.0f - y * y); });
    case ActivationName::leakyRelu:
      return replaceGrad(results, gradients, length,
                         [](float y, float d) { return y > 0.0f ? d : d * leakySlope; });
    case ActivationName::elu:
      return replaceGrad(results, gradients, length,
                         [](float y, float d) { return y > 0.0f ? d : d * (y + 1.0f); });
  }
}

Status runOp(const Activation& op, const Place& place) {
  const Range rows = rowsOf(place);
  activate(op.activation(), op.output() + rows.begin * op.width(), rows.size() * op.width());
  return done;
}

Status runOp(const ActivationGrad& op, const Place& place) {
  const Range rows = rowsOf(place);
  const size_t first = rows.begin * op.width();
  activateGrad(op.activation(), op.output() + first, op.dOutput() + first, rows.size() * op.width());
  return done;
}

}  // namespace
}  // namespace bitgrad
