#pragma once

#include "ops.h"

namespace bitgrad {
namespace {

// Writes one sample of bytes as floats.
void prepareBytes(Preprocess preprocess, const uint8_t* sample, size_t features, float* out);

// out = the image [height, width] moved right by dx and down by dy, with zeros from the edges.
void shiftImage(const uint8_t* image, size_t height, size_t width, int64_t dx, int64_t dy,
                uint8_t* out);

}  // namespace
}  // namespace bitgrad
