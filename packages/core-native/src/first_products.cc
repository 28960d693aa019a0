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

FirstMember memberOf(const BoundOp& op, const Place& place) {
  const FirstProduct& first = *static_cast<FirstProduct*>(op.own);
  const Product product = productOf(op, place.rows);
  return {product, shareOf(op, product, place), first.layer->batchOf(place.member),
          first.panels == nullptr ? nullptr : first.panels + place.member};
}

// As one whose values are not listed.
void runDense(const BoundOp& op, const Place& place) {
  const FirstProduct& first = *static_cast<FirstProduct*>(op.own);
  runProduct(op, place, *first.layer->scratch[place.member].product);
}

Status runFirstForward(const BoundOp& op, const Place& place) {
  const auto [product, own, batch, panels] = memberOf(op, place);
  if (!isSparse(batch, own.rows)) {
    if (panels != nullptr) panels->empty();
    runDense(op, place);
    return done;
  }
  if (panels != nullptr && !panels->isFilled && own.rows.size() >= manySamples &&
      panels->areWorth(own.columns)) {
    panels->fill(own.columns);
  }
  if (panels != nullptr && panels->isFilled) {
    sparseForward(batch, own, panels->panels, panels->layout, op.f32(2));
  } else {
    sparseForward(batch, own, product.b, {product.k, product.n, false}, op.f32(2));
  }
  return done;
}

void finishFirstForward(const BoundOp& op, const Place& place) {
  const FirstProduct& first = *static_cast<FirstProduct*>(op.own);
  first.panels[place.member].empty();
}

// The gradient, or with an update of another kind than the plain one both, one after the other.
void storeGradient(const BoundOp& op, const Place& place, const SparseBatch& batch,
                   const Share& own, const Product& product) {
  float* gradient = op.f32(2);
  sparseGradient(batch, place.rows, own, product.b, product.n, gradient);
  if (op.update == nullptr) return;
  for (size_t f = own.rows.begin; f < own.rows.end; ++f) {
    const size_t first = f * product.n + own.columns.begin;
    update(*op.update, place, first, gradient + first, own.columns.size());
  }
}

Status runFirstGradient(const BoundOp& op, const Place& place) {
  const auto [product, own, batch, panels] = memberOf(op, place);
  const bool isSparseBatch = isSparse(batch, {0, place.rows});
  const bool isPlain = op.update != nullptr && op.update->code == OpCode::sgd;
  const float l2 = isPlain ? op.update->number(1) : 0.0f;
  if (isSparseBatch && isPlain && (l2 == 0.0f || batch.flags != nullptr)) {
    const float rate = op.update->f32(2)[place.step];
    if (panels != nullptr && panels->isFilled) {
      sparseUpdate(batch, place.rows, own, product.b, rate, l2, panels->panels, panels->layout);
      panels->isAhead = true;
    } else {
      sparseUpdate(batch, place.rows, own, product.b, rate, l2, op.update->f32(0),
                   {product.m, product.n, false});
    }
    return done;
  }
  if (panels != nullptr) panels->empty();
  if (isSparseBatch) {
    storeGradient(op, place, batch, own, product);
  } else {
    runDense(op, place);
  }
  return done;
}

Status runFirstShardedGradient(const BoundOp& op, const Place& place) {
  const FirstLayer& layer = *static_cast<FirstProduct*>(op.own)->layer;
  const SparseBatch batch = layer.batchOf(place.member);
  const size_t width = op.numbers[1];
  const size_t shards = op.numbers[2];
  if (!isSparse(batch, {0, place.rows})) {
    shardedGemm(op, place, *layer.scratch[place.member].product);
    return done;
  }
  const Range features = shareOf(op.numbers[0], rowsTogether, place);
  const auto sum = [&](size_t first, size_t end, float* out) {
    sparseGradient(rowsFrom(batch, first), end - first, {features, {0, width}},
                   op.f32(1) + first * width, width, out - features.begin * width);
  };
  const size_t at = features.begin * width;
  addShards(sum, op.f32(2) + at, op.f32(3) + at, features.size() * width, place.rows, shards);
  return done;
}

}  // namespace
}  // namespace bitgrad
