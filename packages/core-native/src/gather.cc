#include "gather.h"

#include "program.h"

namespace bitgrad {
namespace {

void prepareBytes(Preprocess preprocess, const uint8_t* __restrict sample, size_t features,
                  float* __restrict out) {
  if (preprocess == Preprocess::binarize) {
    for (size_t f = 0; f < features; ++f) out[f] = sample[f] > 0 ? 1.0f : 0.0f;
  } else {
    for (size_t f = 0; f < features; ++f) out[f] = static_cast<float>(sample[f]) / 255.0f;
  }
}

BITGRAD_INLINE int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

void shiftImage(const uint8_t* image, size_t height, size_t width, int64_t dx, int64_t dy,
                uint8_t* out) {
  __builtin_memset(out, 0, height * width);
  const int64_t rows = static_cast<int64_t>(height);
  const int64_t columns = static_cast<int64_t>(width);
  const int64_t firstRow = larger(0, dy);
  const int64_t lastRow = dy < 0 ? rows + dy : rows;
  const int64_t firstColumn = larger(0, dx);
  const int64_t lastColumn = dx < 0 ? columns + dx : columns;
  if (firstColumn >= lastColumn) return;
  const size_t length = static_cast<size_t>(lastColumn - firstColumn);
  for (int64_t row = firstRow; row < lastRow; ++row) {
    __builtin_memcpy(out + row * columns + firstColumn,
                     image + (row - dy) * columns + firstColumn - dx, length);
  }
}

Status runOp(const GatherTargets& op, const Place& place) {
  const Range rows = rowsOf(place);
  for (size_t row = rows.begin; row < rows.end; ++row) {
    const uint32_t sample = readOnce(op.order() + place.position + row);
    if (sample >= op.sampleCount()) return badIndex;
    op.targets()[row] = op.labels()[sample];
  }
  return done;
}

Status runOp(const Emit& op, const Place& place) {
  const size_t width = op.width();
  const Range rows = rowsOf(place);
  __builtin_memcpy(op.outputs() + (place.position + rows.begin) * width,
                   op.logits() + rows.begin * width, rows.size() * width * sizeof(float));
  return done;
}

}  // namespace
}  // namespace bitgrad
