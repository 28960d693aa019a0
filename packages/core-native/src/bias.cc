#include "bias.h"

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

}  // namespace
}  // namespace bitgrad
