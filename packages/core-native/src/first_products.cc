#include "first_layer.h"
#include "optimizers.h"
#include "shards.h"

namespace bitgrad {
namespace {

// A member's part in a product.
struct FirstMember {
  Product product;
  Share own;
  SparseBatch batch;
  WeightPanels* panels;  // or null
};

FirstMember memberOf(const Op& op, const Place& place) {
  const FirstProduct& first = *static_cast<FirstProduct*>(op.own);
  const Gemm gemm{op};
  const Product product = productOf(gemm, place.rows);
  return {product, shareOf(gemm, product, place), first.layer->batchOf(place.member),
          first.panels == nullptr ? nullptr : first.panels + place.member};
}

Status runFirstForward(const Op& op, const Place& place) {
  const auto [product, own, batch, panels] = memberOf(op, place);
  if (!isSparse(batch, own.rows)) {
    if (panels != nullptr) panels->empty();
    return runOp(Gemm{op}, place);
  }
  if (panels != nullptr && !panels->isFilled && own.rows.size() >= manySamples &&
      panels->areWorth(own.columns)) {
    panels->fill(own.columns);
  }
  if (panels != nullptr && panels->isFilled) {
    sparseForward(batch, own, panels->panels, panels->layout, Gemm{op}.c());
  } else {
    sparseForward(batch, own, product.b, {product.k, product.n, false}, Gemm{op}.c());
  }
  return done;
}

void finishFirstForward(const Op& op, const Place& place) {
  const FirstProduct& first = *static_cast<FirstProduct*>(op.own);
  first.panels[place.member].empty();
}

// The gradient, or with an update of another kind than the plain one both, one after the other.
void storeGradient(const Op& op, const Place& place, const SparseBatch& batch,
                   const Share& own, const Product& product) {
  float* gradient = Gemm{op}.c();
  sparseGradient(batch, place.rows, own, product.b, product.n, gradient);
  if (op.update == nullptr) return;
  for (size_t f = own.rows.begin; f < own.rows.end; ++f) {
    const size_t first = f * product.n + own.columns.begin;
    update(*op.update, place, first, gradient + first, own.columns.size());
  }
}

Status runFirstGradient(const Op& op, const Place& place) {
  const auto [product, own, batch, panels] = memberOf(op, place);
  const bool isSparseBatch = isSparse(batch, {0, place.rows});
  const bool isPlain = op.update != nullptr && op.update->code == OpCode::sgd;
  const float l2 = isPlain ? Sgd{*op.update}.l2() : 0.0f;
  if (isSparseBatch && isPlain && (l2 == 0.0f || batch.flags != nullptr)) {
    const Sgd sgd{*op.update};
    const float rate = sgd.rates()[place.step];
    if (panels != nullptr && panels->isFilled) {
      sparseUpdate(batch, place.rows, own, product.b, rate, l2, panels->panels, panels->layout);
      panels->isAhead = true;
    } else {
      sparseUpdate(batch, place.rows, own, product.b, rate, l2, sgd.parameter(),
                   {product.m, product.n, false});
    }
    return done;
  }
  if (panels != nullptr) panels->empty();
  if (!isSparseBatch) return runOp(Gemm{op}, place);
  storeGradient(op, place, batch, own, product);
  return done;
}

Status runFirstShardedGradient(const Op& op, const Place& place) {
  const FirstLayer& layer = *static_cast<FirstProduct*>(op.own)->layer;
  const SparseBatch batch = layer.batchOf(place.member);
  const ShardedGemm gemm{op};
  const size_t width = gemm.n();
  if (!isSparse(batch, {0, place.rows})) return runOp(gemm, place);
  const Range features = shareOf(gemm.m(), rowsTogether, place);
  const auto sum = [&](size_t first, size_t end, float* out) {
    sparseGradient(rowsFrom(batch, first), end - first, {features, {0, width}},
                   gemm.b() + first * width, width, out - features.begin * width);
  };
  const size_t at = features.begin * width;
  addShards(sum, gemm.c() + at, gemm.partial() + at, features.size() * width, place.rows,
            gemm.shards());
  return done;
}

}  // namespace
}  // namespace bitgrad
