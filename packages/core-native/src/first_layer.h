// The ops around a gather: where most values of the samples are 0, what is listed once is the
// others.
#pragma once

#include "gemm.h"
#include "program.h"

namespace bitgrad {
namespace {

Status runGather(const BoundOp& op, const Place& place);

// The operands of a gemm op for a step of `rows` rows.
Product productOf(const BoundOp& gemm, size_t rows);

// Gives each gather its own memory and, where the entry allows it, sparse products to the gemms
// that read its samples and the plain update of their weights to the gradient.
void bindFirstLayers(const Entry& entry, BoundOp* ops, GemmScratch* scratch, Allocator& allocator);

}  // namespace
}  // namespace bitgrad
