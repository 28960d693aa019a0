#pragma once

#include "ops.h"

namespace bitgrad {
namespace {

// Replaces values by the function's results; ops.ts has the equations.
void activate(ActivationName name, float* values, size_t length);

// Multiplies gradients by the derivative, given the function's results.
void activateGrad(ActivationName name, const float* results, float* gradients, size_t length);

}  // namespace
}  // namespace bitgrad
