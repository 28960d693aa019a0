#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

// In the order of the choices in operands.ts.
enum class ActivationName : uint32_t { relu, sigmoid, tanh, leakyRelu, elu };

// Replaces values by the function's results; ops.ts has the equations.
void activate(ActivationName name, float* values, size_t length);

// Multiplies gradients by the derivative, given the function's results.
void activateGrad(ActivationName name, const float* results, float* gradients, size_t length);

}  // namespace
}  // namespace bitgrad
