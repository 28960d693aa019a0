#include "meetings.h"

#include "access.h"
#include "fuse.h"

namespace bitgrad {
namespace {

// How an op looks at a slice: at all of it, or only at the member's own rows, of `width` elements
// each, from the first row of the step or of the pass on.
struct Rows {
  uint32_t width;
  bool areOfPass;
};
constexpr Rows all{0, false};

Rows rowsOfGemm(const Op& op, uint32_t field) {
  if (op.numbers[0] != rowsDimension) return all;
  if (field == 0 && op.numbers[3] == 0) return {op.numbers[2], false};
  return field == 2 ? Rows{op.numbers[1], false} : all;
}

Rows rowsOf(const Op& op, Split split, uint32_t field) {
  const uint32_t* numbers = op.numbers;
  switch (op.code) {
    case OpCode::gather:
    case OpCode::gatherAffine:
      return field == 3 ? Rows{numbers[1], false} : all;
    case OpCode::gatherTargets:
      return field == 2 ? Rows{1, false} : all;
    case OpCode::gemm:
      return split == Split::rows ? rowsOfGemm(op, field) : all;
    case OpCode::biasAdd:
      return field == 0 ? Rows{numbers[0], false} : all;
    case OpCode::activation:
    case OpCode::activationGrad:
      return {numbers[0], false};
    case OpCode::softmaxCrossEntropy:
      if (field == 1) return {1, false};
      return field == 2 ? Rows{1, true} : Rows{numbers[0], false};
    case OpCode::squaredError:
      return field == 2 ? Rows{1, true} : Rows{numbers[0], false};
    case OpCode::softmax:
    case OpCode::emit:
      return {numbers[0], field == 1};
    case OpCode::argmax:
      return field == 1 ? Rows{1, true} : Rows{numbers[0], false};
    case OpCode::dropout:
      return field < 2 ? Rows{numbers[0], false} : all;
    case OpCode::classWeights:
      if (field == 0) return {numbers[0], false};
      return field == 1 ? Rows{1, false} : all;
    default:
      return all;
  }
}

// Whether members may run `later` while others are still at `earlier`.
bool mayOverlap(const Op& earlier, Split earlierSplit, const Op& later, Split laterSplit) {
  bool may = true;
  forConflicts(earlier, later, [&](uint32_t i, uint32_t j) {
    const Rows before = rowsOf(earlier, earlierSplit, i);
    const Rows after = rowsOf(later, laterSplit, j);
    const bool areOwn =
        before.width > 0 && before.width == after.width && before.areOfPass == after.areOfPass;
    may = may && areOwn;
  });
  return may;
}

// An op and the update that it makes on the way have been bound as one.
bool mayOverlap(const Entry& entry, const BoundOp* ops, uint32_t earlier, uint32_t later) {
  const auto parts = [&](uint32_t index, const auto& visit) {
    entry.forEach([&](const Op& op, uint32_t at) {
      if (at == index || &ops[at] == ops[index].update) visit(op, ops[at].split);
    });
  };
  bool may = true;
  parts(earlier, [&](const Op& before, Split beforeSplit) {
    parts(later, [&](const Op& after, Split afterSplit) {
      may = may && mayOverlap(before, beforeSplit, after, afterSplit);
    });
  });
  return may;
}

void bindMeetings(const Entry& entry, BoundOp* ops) {
  uint32_t lastMeeting = 0;
  for (uint32_t later = 0; later < entry.length(); ++later) {
    if (ops[later].run == runNothing) continue;
    for (uint32_t earlier = lastMeeting; earlier < later; ++earlier) {
      if (ops[earlier].run == runNothing || mayOverlap(entry, ops, earlier, later)) continue;
      ops[later].meets = true;
      lastMeeting = later;
      break;
    }
  }
}

}  // namespace
}  // namespace bitgrad
