#include "weight_panels.h"

namespace bitgrad {
namespace {

// Calls move(in the panels, in the weights, length) for each run of neighbours.
template <typename Move>
void forRuns(const WeightPanels& own, const Move& move) {
  const WeightLayout& layout = own.layout;
  size_t columns = 0;
  for (size_t j = own.columns.begin; j < own.columns.end; j += columns) {
    columns = panelColumns(own.columns.end - j);
    float* panel = own.panels + layout.begin(j);
    for (size_t f = 0; f < layout.features; ++f) {
      move(panel + f * columns, own.weight + f * layout.width + j, columns);
    }
  }
}

void copyFloats(const float* from, float* to, size_t length) {
  for (size_t i = 0; i < length; ++i) to[i] = from[i];
}

void WeightPanels::fill(Range own) {
  columns = own;
  forRuns(*this, [](float* panel, const float* weights, size_t length) {
    copyFloats(weights, panel, length);
  });
  isFilled = true;
}

void WeightPanels::empty() {
  if (isAhead) {
    forRuns(*this, [](const float* panel, float* weights, size_t length) {
      copyFloats(panel, weights, length);
    });
  }
  isFilled = false;
  isAhead = false;
}

}  // namespace
}  // namespace bitgrad
