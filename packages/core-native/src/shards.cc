#include "shards.h"

#include "bias.h"

namespace bitgrad {
namespace {

void shardedGemm(const BoundOp& op, size_t rows, GemmScratch& scratch) {
  const size_t m = op.numbers[0];
  const size_t n = op.numbers[1];
  const auto sum = [&](size_t first, size_t end, float* out) {
    multiply({true, false, m, n, end - first, op.f32(0) + first * m, m, op.f32(1) + first * n, n},
             out, n, scratch);
  };
  addShards(sum, op.f32(2), op.f32(3), m * n, rows, op.numbers[2]);
}

Status runShardedGemm(const BoundOp& op, const Place& place) {
  shardedGemm(op, place.rows, *static_cast<GemmScratch*>(op.own));
  return done;
}

Status runShardedBiasGrad(const BoundOp& op, const Place& place) {
  const size_t width = op.numbers[0];
  const auto sum = [&](size_t first, size_t end, float* out) {
    biasGrad(op.f32(0) + first * width, out, end - first, width);
  };
  addShards(sum, op.f32(1), op.f32(2), width, place.rows, op.numbers[1]);
  return done;
}

}  // namespace
}  // namespace bitgrad
