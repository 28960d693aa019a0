#include "shards.h"

#include "bias.h"

namespace bitgrad {
namespace {

void shardedGemm(const BoundOp& op, const Place& place, GemmScratch& scratch) {
  const size_t m = op.numbers[0];
  const size_t n = op.numbers[1];
  const Range own = shareOf(m, rowsTogether, place);
  const auto sum = [&](size_t first, size_t end, float* out) {
    const Product product{
        true, false, m, n, end - first, op.f32(0) + first * m, m, op.f32(1) + first * n, n};
    multiply(part(product, own.begin, own.size(), 0, n), out, n, scratch);
  };
  const size_t at = own.begin * n;
  addShards(sum, op.f32(2) + at, op.f32(3) + at, own.size() * n, place.rows, op.numbers[2]);
}

Status runShardedGemm(const BoundOp& op, const Place& place) {
  shardedGemm(op, place, static_cast<GemmScratch*>(op.own)[place.member]);
  return done;
}

Status runShardedBiasGrad(const BoundOp& op, const Place& place) {
  const size_t width = op.numbers[0];
  const Range own = shareOf(width, lineFloats, place);
  const auto sum = [&](size_t first, size_t end, float* out) {
    biasGrad(op.f32(0) + first * width + own.begin, out, end - first, width, 0, own.size());
  };
  addShards(sum, op.f32(1) + own.begin, op.f32(2) + own.begin, own.size(), place.rows,
            op.numbers[1]);
  return done;
}

}  // namespace
}  // namespace bitgrad
