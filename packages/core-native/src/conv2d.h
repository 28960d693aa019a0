#pragma once

#include "program.h"

namespace bitgrad {
namespace {

// Gives an op what its members need for it, if it is one of a convolution's.
void bindConvolution(Op& op, size_t members, Allocator& allocator);

}  // namespace
}  // namespace bitgrad
