#pragma once

#include "program.h"

namespace bitgrad {
namespace {

// Drops or scales each element by its own random word.
Status runDropout(const BoundOp& op, const Place& place);

}  // namespace
}  // namespace bitgrad
