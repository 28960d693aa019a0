#pragma once

#include "vector.h"

namespace bitgrad {
namespace {

// The lowest index at which `values` is greatest.
size_t argmaxRow(const float* values, size_t width);

// One row of probabilities: p_j = e_j ÷ S.
void softmaxRow(const float* logits, size_t classes, float* out);

// One row of dLogits = (p − t) ÷ rows. Returns the loss, log(S) − (z_target − m).
float crossEntropyRow(const float* logits, size_t classes, size_t target, float rows,
                      float* dLogits);

}  // namespace
}  // namespace bitgrad
