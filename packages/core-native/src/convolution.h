// Convolutions as products whose one operand is made of an image's patches. These are read where they
// lie, inside a border of zeros: a product with such a zero changes no bit (contract, rule 3).
#pragma once

#include "patch_tile.h"
#include "program.h"

namespace bitgrad {
namespace {

// Images [height, width, channels] to [outHeight, outWidth, filters], by weights
// [kernelHeight, kernelWidth, channels, filters].
struct Convolution {
  size_t height;
  size_t width;
  size_t channels;
  size_t outHeight;
  size_t outWidth;
  size_t filters;
  size_t kernelHeight;
  size_t kernelWidth;
  size_t strideHeight;
  size_t strideWidth;
  // Rows of zeros above the image and columns left of it.
  size_t top;
  size_t left;

  // Whether nothing is multiplied.
  bool isEmpty() const { return size() == 0 || outSize() == 0; }
  size_t size() const { return height * width * channels; }
  size_t outPixels() const { return outHeight * outWidth; }
  size_t outSize() const { return outPixels() * filters; }
  size_t patch() const { return kernelHeight * kernelWidth * channels; }
};

// An image [height, width, channels] inside a border of zeros, of which `top` rows and `left` columns
// come before it.
struct Bordered {
  size_t height;
  size_t width;
  size_t channels;
  size_t top;
  size_t left;

  size_t pitch() const { return width * channels; }
  size_t size() const { return height * pitch(); }
};

// What the patches of a convolution need around an image, and those of its dInput around a dOutput;
// both of one that is not empty.
Bordered borderOf(const Convolution& convolution);
Bordered backBorderOf(const Convolution& convolution);

// What one member needs for its own use.
struct ConvolutionScratch {
  // The image inside its border, whose zeros stay as they are.
  float* bordered;
  // The other operand in panels as wide as tiles, zeros behind the last one's columns.
  float* panels;
  // [filters], zeros behind them, or null.
  float* bias;
  ptrdiff_t* offsets;
  // A tile whose columns are not all of use.
  float* tile;
};

// Columns of a panel with those that fill its last vector, and of all panels.
BITGRAD_INLINE size_t panelWidth(size_t columns) {
  return columns > lanes ? tileColumns : lanes;
}
BITGRAD_INLINE size_t panelsWidth(size_t columns) {
  const size_t rest = columns % tileColumns;
  return columns - rest + (rest == 0 ? 0 : panelWidth(rest));
}

// One image's out[y, x, o] = Σ_{i, j, c} image[y·s − top + i, x·s − left + j, c] · weight[i, j, c, o],
// plus the bias, by weights that packWeights has packed.
void packWeights(const Convolution& convolution, const float* weight, float* panels);
void convolve(const Convolution& convolution, const float* image, const ConvolutionScratch& scratch,
              float* out);

// One image's dInput, by weights that packBackWeights has packed.
void packBackWeights(const Convolution& convolution, const float* weight, float* panels);
void convolveBack(const Convolution& convolution, const float* dOut,
                  const ConvolutionScratch& scratch, float* dInput);

// One image's addition to dWeight, or the beginning of it; of its rows [patch, filters] only `own`.
void addWeightGradient(const Convolution& convolution, Range own, const float* image,
                       const float* dOut, bool continues, const ConvolutionScratch& scratch,
                       float* dWeight);

}  // namespace
}  // namespace bitgrad
