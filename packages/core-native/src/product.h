// A gemm op as one of the members runs it.
#pragma once

#include "gemm.h"
#include "program.h"

namespace bitgrad {
namespace {

// The operands of a gemm op for a step of `rows` rows.
Product productOf(const Gemm& gemm, size_t rows);

// Which rows and columns of the result are the member's.
struct Share {
  Range rows;
  Range columns;
};
Share shareOf(const Gemm& gemm, const Product& product, const Place& place);

// The member's part of the product, and of the update that the op makes of it, if any.
Status runOp(const Gemm& gemm, const Place& place);

}  // namespace
}  // namespace bitgrad
