#include "weight_panels.h"

namespace bitgrad {
namespace {

// Calls move(in the panels, in the weights, length) for each feature's part of a panel, the panels cut
// as the products cut them.
template <typename Move>
struct Parts {
  const WeightPanels& own;
  const Move& move;

  template <size_t Count>
  void vectors(size_t j) const {
    panel(j, Count * lanes);
  }
  void column(size_t j) const { panel(j, 1); }

  // One piece of code for all widths, as it runs seldom.
  [[gnu::noinline]] void panel(size_t j, size_t columns) const {
    const WeightLayout& layout = own.layout;
    float* first = own.panels + layout.begin(j);
    for (size_t f = 0; f < layout.features; ++f) {
      move(first + f * columns, own.weight + f * layout.width + j, columns);
    }
  }
};

template <typename Move>
void forParts(const WeightPanels& own, const Move& move) {
  forColumns<panelVectors>(own.columns, Parts<Move>{own, move});
}

void copyFloats(const float* from, float* to, size_t length) {
  for (size_t i = 0; i < length; ++i) to[i] = from[i];
}

void WeightPanels::fill(Range own) {
  columns = own;
  forParts(*this, [](float* panel, const float* weights, size_t length) {
    copyFloats(weights, panel, length);
  });
  isFilled = true;
}

void WeightPanels::empty() {
  if (isAhead) {
    forParts(*this, [](const float* panel, float* weights, size_t length) {
      copyFloats(panel, weights, length);
    });
  }
  isFilled = false;
  isAhead = false;
}

}  // namespace
}  // namespace bitgrad
