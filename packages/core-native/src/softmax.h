#pragma once

#include "program.h"

namespace bitgrad {
namespace {

// The lowest index at which `values` is greatest.
size_t argmaxRow(const float* values, size_t width);

// Rows of probabilities, p_j = e_j ÷ S; all arrays are [rows, classes].
void softmax(const float* logits, size_t rows, size_t classes, float* probabilities);

// Rows of dLogits = (p − t) ÷ divisor, and the losses [rows], log(S) − (z_target − m).
Status crossEntropy(const float* logits, const uint32_t* targets, size_t rows, size_t classes,
                    float divisor, float* dLogits, float* losses);

}  // namespace
}  // namespace bitgrad
