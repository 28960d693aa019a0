#pragma once

#include "program.h"

namespace bitgrad {
namespace {

// The loss of numbers, with its gradient.
Status runSquaredError(const BoundOp& op, const Place& place);

// dLogits[r, j] = dLogits[r, j] · weights[targets[r]].
Status runClassWeights(const BoundOp& op, const Place& place);

}  // namespace
}  // namespace bitgrad
