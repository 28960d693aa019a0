// The update rules with memory; see ops.ts for the equations.
#pragma once

#include "program.h"

namespace bitgrad {
namespace {

Status runMomentum(const BoundOp& op, const Place& place);

Status runAdam(const BoundOp& op, const Place& place);

}  // namespace
}  // namespace bitgrad
