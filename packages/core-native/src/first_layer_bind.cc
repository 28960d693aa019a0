// Finds what the ops around a gather can do and gives them what they share.
#include "affine.h"
#include "first_layer.h"
#include "fuse.h"
#include "sparse_list.h"

namespace bitgrad {
namespace {

// Room for as many features as keep the lists in the second cache: whole bytes of flags.
FeatureLists allocateLists(size_t batchSize, Allocator& allocator) {
  constexpr size_t entriesAtOnce = 32768;
  const size_t features = 8 + entriesAtOnce / batchSize / 8 * 8;
  const size_t entries = features * batchSize + listSlack;
  return {features,
          allocator.allocate<uint16_t>(features + 1),
          allocator.allocate<uint32_t>(features + 1),
          allocator.allocate<uint16_t>(entries),
          allocator.allocate<float>(entries),
          0};
}

// What a member's products need for their own use; what only gradients do, where there are any.
SparseScratch allocateSparse(const SparseBatch& batch, size_t batchSize, bool isTrained,
                             Allocator& allocator) {
  SparseScratch own{};
  own.cursors = allocator.allocate<size_t>(batchSize);
  own.panel = allocator.allocate<float>((batchSize + 1) * panelVectors * lanes);
  own.block = allocator.allocate<float>(blockFloats);
  if (!isTrained) return own;
  own.rowFlags = allocator.allocate<uint64_t>(roundUp(batch.features, 64) * wordsOf(batchSize));
  if (!batch.isBinary) own.features = allocateLists(batchSize, allocator);
  return own;
}

// What the members need for a gather and its readers.
FirstLayerScratch* allocateScratch(const Op& op, const SparseBatch& batch, size_t batchSize,
                                   bool isListed, bool isTrained, size_t members,
                                   Allocator& allocator) {
  const Gathered gather = gatheredBy(op);
  const bool isMapped = op.code == OpCode::gatherAffine;
  const size_t borderedSize = borderedBytes(gather.height, gather.width);
  FirstLayerScratch* all = allocator.allocate<FirstLayerScratch>(members);
  for (size_t member = 0; member < members; ++member) {
    FirstLayerScratch own{};
    if (gather.isMoved) own.image = allocator.allocate<uint8_t>(gather.features);
    if (isMapped) own.bordered = allocator.allocate<uint8_t>(borderedSize);
    if (isListed) own.sparse = allocateSparse(batch, batchSize, isTrained, allocator);
    if (all == nullptr) continue;
    if (isMapped) __builtin_memset(own.bordered, 0, borderedSize);
    all[member] = own;
  }
  return all;
}

// Memory for a gather; lists where its readers can use them.
FirstLayer* allocateLayer(const Entry& entry, const Op& gather, bool isListed, bool isTrained,
                          size_t members, Allocator& allocator) {
  const size_t features = gatheredBy(gather).features;
  const size_t batchSize = entry.batchSize();
  FirstLayer* layer = allocator.allocate<FirstLayer>(1);
  const Preprocess preprocess = gatheredBy(gather).preprocess;
  SparseBatch batch{};
  batch.features = features;
  batch.isBinary = preprocess == Preprocess::binarize;
  if (isListed) {
    batch.listStride = roundUp(features + listSlack, listsApart);
    batch.lists = allocator.allocate<uint16_t>(batchSize * batch.listStride);
    batch.counts = allocator.allocate<uint32_t>(batchSize);
    if (!batch.isBinary) batch.values = allocator.allocate<float>(batchSize * batch.listStride);
  }
  // A single sample's gradient needs no more than its list.
  if (isListed && isTrained && batchSize > 1) {
    batch.flagStride = roundUp(features, 64) / 8;
    batch.flags = allocator.allocate<uint8_t>(batchSize * batch.flagStride);
  }
  FirstLayerScratch* scratch = allocateScratch(gather, batch, batchSize, isListed, isTrained,
                                               members, allocator);
  float* prepared = preprocess == Preprocess::none ? nullptr : allocator.allocate<float>(256);
  if (layer == nullptr) return nullptr;
  *layer = {preprocess, isListed, nullptr, prepared, batch, scratch};
  if (prepared != nullptr) {
    for (int byte = 0; byte < 256; ++byte) {
      const auto value = static_cast<uint8_t>(byte);
      prepareBytes(preprocess, &value, 1, prepared + byte);
    }
  }
  return layer;
}

// Whether a gradient makes the plain update of a forward product's weights on the way.
bool updatesWeights(const Op& op, const Gemm& forward) {
  if (op.run != runFirstGradient || op.update == nullptr || op.update->code != OpCode::sgd) {
    return false;
  }
  const Gemm gradient{op};
  return Sgd{*op.update}.parameter() == forward.b() && gradient.m() == forward.k() &&
         gradient.n() == forward.n();
}

// Whether nothing but the forward product at `index` and such gradients look at its weights.
bool areWeightsOwn(const Entry& entry, const Op* ops, const Gemm& forward, uint32_t index) {
  bool areOwn = true;
  entry.forEach([&](const Op& op, uint32_t at) {
    if (at == index || !mentions(op, forward.b())) return;
    bool isOwnUpdate = false;
    for (uint32_t i = 0; i < entry.length(); ++i) {
      isOwnUpdate = isOwnUpdate || (ops[i].update == &ops[at] && updatesWeights(ops[i], forward));
    }
    areOwn = areOwn && isOwnUpdate && !mentions(op, forward.b(), 1);
  });
  return areOwn;
}

// Gives the forward product at `index` and the gradients that update its weights panels of these, if
// nothing else looks at them.
void bindPanels(const Entry& entry, Op* ops, const Gemm& forward, uint32_t index, size_t members,
                Allocator& allocator) {
  const WeightLayout layout{forward.k(), forward.n(), true};
  const bool areSmall = layout.features * layout.width / members <= WeightPanels::mostFloats;
  if (members == 1 || entry.batchSize() < manySamples || !areSmall) return;
  auto* panels = allocator.allocate<WeightPanels>(members);
  auto* memory = allocator.allocate<float>(layout.features * layout.width);
  if (panels == nullptr) return;
  // Only a product that updates the weights changes them.
  auto* weight = const_cast<float*>(forward.b());
  for (size_t member = 0; member < members; ++member) {
    panels[member] = {memory, weight, layout, {0, 0}, false, false};
  }
  if (!areWeightsOwn(entry, ops, forward, index)) return;
  const auto ownOf = [&](uint32_t i) { return static_cast<FirstProduct*>(ops[i].own); };
  ownOf(index)->panels = panels;
  ops[index].finish = finishFirstForward;
  for (uint32_t i = 0; i < entry.length(); ++i) {
    if (updatesWeights(ops[i], forward)) ownOf(i)->panels = panels;
  }
}

// The functions of the products that read a gather's samples, by their roles.
constexpr decltype(Op::run) firstFunctions[] = {nullptr, runFirstForward, runFirstGradient,
                                                runFirstShardedGradient};

void bindFirstLayers(const Entry& entry, Op* ops, size_t members, Allocator& allocator) {
  entry.forEach([&](const Op& gatherOp, uint32_t gatherIndex) {
    if (!isGather(gatherOp)) return;
    const Gathered gather = gatheredBy(gatherOp);
    const bool isListed = isReadSparsely(entry, gather, gatherIndex);
    bool isTrained = false;
    entry.forEach([&](const Op& op, uint32_t) {
      isTrained = isTrained || roleOf(op, gather) > FirstRole::forward;
    });
    FirstLayer* layer = allocateLayer(entry, gatherOp, isListed, isTrained, members, allocator);
    if (layer != nullptr) ops[gatherIndex].own = layer;
    if (!isListed) return;
    entry.forEach([&](const Op& op, uint32_t index) {
      const FirstRole role = roleOf(op, gather);
      auto* own = role == FirstRole::otherwise ? nullptr : allocator.allocate<FirstProduct>(1);
      if (own == nullptr) return;
      *own = {layer, nullptr};
      ops[index].run = firstFunctions[static_cast<size_t>(role)];
      ops[index].own = own;
    });
    entry.forEach([&](const Op& op, uint32_t index) {
      if (roleOf(op, gather) != FirstRole::forward) return;
      bindPanels(entry, ops, Gemm{op}, index, members, allocator);
    });
  });
}

}  // namespace
}  // namespace bitgrad
