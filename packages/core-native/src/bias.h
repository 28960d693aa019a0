#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

// output[r, j] = output[r, j] + bias[j].
void biasAdd(float* output, const float* bias, size_t rows, size_t width);

// dBias[j] = Σ_r dOutput[r, j], r ascending, for the columns from `first` to `end`.
void biasGrad(const float* dOutput, float* dBias, size_t rows, size_t width, size_t first,
              size_t end);

}  // namespace
}  // namespace bitgrad
