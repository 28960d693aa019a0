// The first layer's weights as its products with many samples want them.
#pragma once

#include "sparse_columns.h"

namespace bitgrad {
namespace {

// How a matrix of weights [features, width] lies: in its rows, or its columns in panels as
// forColumns takes them, each [features, columns of the panel] in one piece.
struct WeightLayout {
  size_t features;
  size_t width;
  bool isInPanels;

  // Where the panel that begins with column j begins, and how far apart its features are.
  BITGRAD_INLINE size_t begin(size_t j) const { return isInPanels ? j * features : j; }
  BITGRAD_INLINE size_t stride(size_t columns) const { return isInPanels ? columns : width; }
};

// A member's columns of some weights, in panels while a run lasts: all that a product reads of them
// in turn fits the first cache, and nothing that another member changes lies beside them, where
// processors would fetch it ahead and take it from that member.
struct WeightPanels {
  float* panels;  // [features × width], of which each member uses what is for its columns
  float* weight;  // where the weights belong
  WeightLayout layout;
  Range columns;
  // Whether the panels hold the weights, and whether they alone hold the newest.
  bool isFilled;
  bool isAhead;

  // Whether panels are worth filling: for a member's columns that are not all.
  bool areWorth(Range own) const {
    return own.size() < layout.width && own.size() * layout.features <= mostFloats;
  }
  // So many stay in the second cache.
  static constexpr size_t mostFloats = 512 * 1024 / sizeof(float);
  void fill(Range own);
  // Brings the weights back to where they belong; from then on they are there alone.
  void empty();
};

}  // namespace
}  // namespace bitgrad
