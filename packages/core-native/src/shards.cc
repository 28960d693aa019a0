#include "shards.h"

#include "bias.h"

namespace bitgrad {
namespace {

[[gnu::noinline]] Status runOp(const ShardedGemm& op, const Place& place) {
  const size_t m = op.m();
  const size_t n = op.n();
  const Range own = shareOf(m, rowsTogether, place);
  const auto sum = [&](size_t first, size_t end, float* out) {
    const Product product{true, false, m, n, end - first, op.a() + first * m, m, op.b() + first * n, n};
    multiply(part(product, own.begin, own.size(), 0, n), out, n, *place.scratch);
  };
  const size_t at = own.begin * n;
  addShards(sum, op.c() + at, op.partial() + at, own.size() * n, place.rows, op.shards());
  return done;
}

Status runOp(const ShardedBiasGrad& op, const Place& place) {
  const size_t width = op.width();
  const Range own = shareOf(width, lineFloats, place);
  const auto sum = [&](size_t first, size_t end, float* out) {
    biasGrad(op.dOutput() + first * width + own.begin, out, end - first, width, 0, own.size());
  };
  addShards(sum, op.dBias() + own.begin, op.partial() + own.begin, own.size(), place.rows,
            op.shards());
  return done;
}

Status runOp(const FoldShards& op, const Place& place) {
  const size_t length = op.length();
  const Range own = shareOf(length, lineFloats, place);
  float* gradient = op.gradient();
  __builtin_memcpy(gradient + own.begin, op.sums() + own.begin, own.size() * sizeof(float));
  for (size_t shard = 1; shard < op.shards(); ++shard) {
    const float* sums = op.sums() + shard * length;
    for (size_t i = own.begin; i < own.end; ++i) gradient[i] = gradient[i] + sums[i];
  }
  return done;
}

}  // namespace
}  // namespace bitgrad
