// The update rules; see ops.ts for the equations.
#pragma once

#include "program.h"

namespace bitgrad {
namespace {

// The gradient with the pull of L2, of one value or of a vector of them; where l2 is 0 the second
// term is left out, not added as 0.
template <typename Value>
BITGRAD_INLINE Value slopeOf(Value gradient, Value parameter, float l2) {
  return l2 == 0.0f ? gradient : gradient + l2 * parameter;
}

// What plain descent makes of a parameter.
template <typename Value>
BITGRAD_INLINE Value descended(Value parameter, Value gradient, float rate, float l2) {
  return parameter - rate * slopeOf(gradient, parameter, l2);
}

// An op that is an update rule, for the parameters from `first` on, `length` of them.
//
// gradient: of these parameters, [length]
void update(const Op& op, const Place& place, size_t first, const float* gradient, size_t length);

}  // namespace
}  // namespace bitgrad
