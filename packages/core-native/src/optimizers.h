// The update rules; see ops.ts for the equations.
#pragma once

#include "program.h"

namespace bitgrad {
namespace {

// An sgd, momentum or adam op for the parameters from `first` on, `length` of them.
//
// gradient: of these parameters, [length]
void update(const BoundOp& op, const Place& place, size_t first, const float* gradient,
            size_t length);

// The same for the member's share of all parameters, by the gradient in the op's slice.
Status runUpdate(const BoundOp& op, const Place& place);

}  // namespace
}  // namespace bitgrad
