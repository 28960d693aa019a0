// Gives the ops around a gather what they share.
#include "affine.h"
#include "first_layer.h"
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

// The forward product's weights in panels, for each member.
WeightPanels* allocatePanels(const Gemm& forward, size_t members, Allocator& allocator) {
  const WeightLayout layout{forward.k(), forward.n(), true};
  auto* panels = allocator.allocate<WeightPanels>(members);
  auto* memory = allocator.allocate<float>(layout.features * layout.width);
  if (panels == nullptr) return nullptr;
  // The gradients that share the panels change the weights.
  auto* weight = const_cast<float*>(forward.b());
  for (size_t member = 0; member < members; ++member) {
    panels[member] = {memory, weight, layout, {0, 0}, false, false};
  }
  return panels;
}

// By their roles. Gathers have theirs from the table.
constexpr decltype(Op::run) firstFunctions[] = {nullptr, nullptr, runFirstForward, runFirstGradient,
                                                runFirstShardedGradient};

void bindFirstLayers(const Entry& entry, Op* ops, size_t members, Allocator& allocator) {
  entry.forEach([&](const Op& op, uint32_t index) {
    const OpPlan& plan = *op.plan;
    const FirstRole role = plan.role();
    if (op.code == OpCode::gather || op.code == OpCode::gatherAffine) {
      const bool isListed = role == FirstRole::gather;
      void* layer = allocateLayer(entry, op, isListed, plan.isTrained(), members, allocator);
      if (layer != nullptr) ops[index].own = layer;
    } else if (role != FirstRole::none) {
      auto* own = allocator.allocate<FirstProduct>(1);
      const bool isOwner = plan.panels == index;
      WeightPanels* panels = isOwner ? allocatePanels(Gemm{op}, members, allocator) : nullptr;
      if (own == nullptr) return;
      // The gather and the panels' product come before it.
      if (!isOwner && plan.panels != absent) {
        panels = static_cast<FirstProduct*>(ops[plan.panels].own)->panels;
      }
      *own = {static_cast<FirstLayer*>(ops[plan.gather].own), panels};
      ops[index].run = firstFunctions[static_cast<size_t>(role)];
      ops[index].own = own;
      if (isOwner) ops[index].finish = finishFirstForward;
    }
  });
}

}  // namespace
}  // namespace bitgrad
