#include "bias.h"

#include "program.h"

namespace bitgrad {
namespace {

void biasAdd(float* output, const float* bias, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; ++row, output += width) {
    for (size_t j = 0; j < width; ++j) output[j] = output[j] + bias[j];
  }
}

void biasGrad(const float* dOutput, float* dBias, size_t rows, size_t width, size_t first,
              size_t end) {
  size_t j = first;
  for (; j + lanes <= end; j += lanes) {
    Vector sum{};
    for (size_t row = 0; row < rows; ++row) sum += load(dOutput + row * width + j);
    store(dBias + j, sum);
  }
  for (; j < end; ++j) {
    float sum = 0.0f;
    for (size_t row = 0; row < rows; ++row) sum += dOutput[row * width + j];
    dBias[j] = sum;
  }
}

Status runOp(const BiasAdd& op, const Place& place) {
  const Range rows = rowsOf(place);
  biasAdd(op.output() + rows.begin * op.width(), op.bias(), rows.size(), op.width());
  return done;
}

Status runOp(const BiasGrad& op, const Place& place) {
  const Range columns = shareOf(op.width(), lineFloats, place);
  biasGrad(op.dOutput(), op.dBias(), place.rows, op.width(), columns.begin, columns.end);
  return done;
}

}  // namespace
}  // namespace bitgrad
