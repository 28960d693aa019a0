#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

// output[r, j] = output[r, j] + bias[j].
void biasAdd(float* output, const float* bias, size_t rows, size_t width);

// dBias[j] = Σ_r dOutput[r, j], r ascending.
void biasGrad(const float* dOutput, float* dBias, size_t rows, size_t width);

}  // namespace
}  // namespace bitgrad
