#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

// parameter[i] −= rate · (gradient[i] + l2 · parameter[i]); with l2 0 there is no second term.
void sgd(float* parameter, const float* gradient, size_t length, float rate, float l2);

}  // namespace
}  // namespace bitgrad
