#include "meetings.h"

#include "access.h"
#include "fuse.h"

namespace bitgrad {
namespace {

// The rows of a slice that a member needs: all, or its own, of so many elements each.
struct RowsOf {
  Rows rows;
  uint64_t width;
};
constexpr RowsOf all{Rows::none, 0};

RowsOf rowsOf(const Op& op, Split split, uint32_t field) {
  if (op.code == OpCode::gemm) {
    const Gemm gemm{op};
    const bool isColumn = field == 0 && gemm.transposeA();
    if (split == Split::columns || gemm.m() != rowsDimension || isColumn) return all;
  }
  const SliceFacts& facts = factsOf(op).of[field];
  return facts.width == nullptr ? all : RowsOf{facts.rows, facts.width(op.fields)};
}

// Whether members may run `later` while others are still at `earlier`.
bool mayOverlap(const Op& earlier, Split earlierSplit, const Op& later, Split laterSplit) {
  bool may = true;
  forConflicts(earlier, later, [&](uint32_t i, uint32_t j) {
    const RowsOf before = rowsOf(earlier, earlierSplit, i);
    const RowsOf after = rowsOf(later, laterSplit, j);
    const bool areOwn =
        before.width > 0 && before.width == after.width && before.rows == after.rows;
    may = may && areOwn;
  });
  return may;
}

// An op and the update that it makes on the way have been bound as one.
bool mayOverlap(const Entry& entry, const Op* ops, uint32_t earlier, uint32_t later) {
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

void bindMeetings(const Entry& entry, Op* ops) {
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
