#include "convolution.h"

namespace bitgrad {
namespace {

// The rows of a product, [height, width] of them: where each one's factors and sums begin.
struct Rows2d {
  size_t height;
  size_t width;
  const float* a;
  ptrdiff_t aRow;
  ptrdiff_t aColumn;
  float* c;
  ptrdiff_t cRow;
  ptrdiff_t cColumn;
};

void multiplyWhole(const PatchTile& tile, size_t rows, const Runs& runs, const float* b, size_t ldb,
                   size_t columns, bool continues, const float* bias) {
  static_assert(tileVectors == 2);
  const auto& functions = columns > lanes ? patchFunctions<2>.of : patchFunctions<1>.of;
  functions[rows - 1](tile, runs, b, ldb, continues, bias);
}

// The same where a panel has fewer columns than its vectors: their sums go through scratch memory.
void multiplyNarrow(const PatchTile& tile, size_t rows, const Runs& runs, const float* b,
                    size_t ldb, size_t columns, bool continues, const float* bias,
                    float* scratch) {
  PatchTile wide = tile;
  for (size_t i = 0; i < rows; ++i) {
    wide.c[i] = scratch + i * tileColumns;
    for (size_t j = 0; continues && j < columns; ++j) wide.c[i][j] = tile.c[i][j];
  }
  multiplyWhole(wide, rows, runs, b, ldb, columns, continues, bias);
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < columns; ++j) tile.c[i][j] = wide.c[i][j];
  }
}

// One panel's part of the rows of `own`, counted row by row.
void multiplyPanel(const Rows2d& rows, Range own, const Runs& runs, const float* b, size_t ldb,
                   size_t firstColumn, size_t columns, bool continues, const float* bias,
                   float* scratch) {
  size_t y = own.begin / rows.width;
  size_t x = own.begin % rows.width;
  size_t count = 0;
  for (size_t left = own.size(); left > 0; left -= count) {
    // Tiles of nearly as many rows: of nine, one would be left alone.
    const size_t tiles = (left + tileRows - 1) / tileRows;
    count = (left + tiles - 1) / tiles;
    PatchTile tile;
    for (size_t i = 0; i < count; ++i) {
      const auto row = static_cast<ptrdiff_t>(y);
      const auto column = static_cast<ptrdiff_t>(x);
      tile.a[i] = rows.a + row * rows.aRow + column * rows.aColumn;
      tile.c[i] = rows.c + row * rows.cRow + column * rows.cColumn + firstColumn;
      x += 1;
      if (x == rows.width) {
        x = 0;
        y += 1;
      }
    }
    if (columns % lanes == 0) {
      multiplyWhole(tile, count, runs, b, ldb, columns, continues, bias);
    } else {
      multiplyNarrow(tile, count, runs, b, ldb, columns, continues, bias, scratch);
    }
  }
}

// All columns of some rows, by B in panels.
void multiplyPanels(const Rows2d& rows, const Runs& runs, const float* panels, size_t columns,
                    const float* bias, float* scratch) {
  const Range all{0, rows.height * rows.width};
  if (all.size() == 0) return;
  for (size_t j = 0; j < columns; j += tileColumns) {
    const size_t own = smaller(tileColumns, columns - j);
    multiplyPanel(rows, all, runs, panels + j * runs.count * runs.length, panelWidth(own), j, own,
                  false, bias == nullptr ? nullptr : bias + j, scratch);
  }
}

// Copies columns [depth, columns] that lie `stride` apart to a panel.
void packColumns(const float* from, size_t stride, size_t depth, size_t columns, float* to) {
  const size_t width = panelWidth(columns);
  if (columns < width) __builtin_memset(to, 0, depth * width * sizeof(float));
  for (size_t p = 0; p < depth; ++p, from += stride, to += width) {
    __builtin_memcpy(to, from, columns * sizeof(float));
  }
}

// The image where its patches can be read: itself, or inside its border.
const float* borderImage(const Bordered& border, size_t height, size_t width, const float* image,
                         float* scratch) {
  const bool isInside = border.top + border.left == 0 && border.height <= height;
  if (isInside && border.width == width) return image;
  if (border.top >= border.height || border.left >= border.width) return scratch;
  const size_t rows = smaller(height, border.height - border.top);
  const size_t columns = smaller(width, border.width - border.left);
  float* to = scratch + border.top * border.pitch() + border.left * border.channels;
  for (size_t y = 0; y < rows; ++y, to += border.pitch(), image += width * border.channels) {
    __builtin_memcpy(to, image, columns * border.channels * sizeof(float));
  }
  return scratch;
}

Bordered borderOf(const Convolution& of) {
  return {(of.outHeight - 1) * of.strideHeight + of.kernelHeight,
          (of.outWidth - 1) * of.strideWidth + of.kernelWidth, of.channels, of.top, of.left};
}

// Which pixels of an image, and which rows or columns of the kernel, meet in a product with stride:
// those whose place and index leave the same remainder, as place + before = out · stride + index.
struct Phase {
  // The first pixel, and how many follow, `stride` apart.
  size_t first;
  size_t pixels;
  // The first index, and how many follow.
  size_t index;
  size_t indices;
  // Where the first pixel meets index 0.
  size_t out;
};

Phase phaseOf(size_t remainder, size_t size, size_t before, size_t kernel, size_t stride) {
  const size_t first = (remainder + stride - before % stride) % stride;
  return {first, first < size ? (size - first + stride - 1) / stride : 0, remainder,
          remainder < kernel ? (kernel - remainder + stride - 1) / stride : 0,
          (first + before) / stride};
}

// How far patches of dOutput reach before its first row or column, and in all.
size_t reachBefore(size_t kernel, size_t stride) { return (kernel - 1) / stride; }

size_t reachOver(size_t size, size_t before, size_t kernel, size_t stride, size_t out) {
  const size_t last = (size - 1 + before) / stride + 1;
  return reachBefore(kernel, stride) + (last > out ? last : out);
}

Bordered backBorderOf(const Convolution& of) {
  return {reachOver(of.height, of.top, of.kernelHeight, of.strideHeight, of.outHeight),
          reachOver(of.width, of.left, of.kernelWidth, of.strideWidth, of.outWidth), of.filters,
          reachBefore(of.kernelHeight, of.strideHeight),
          reachBefore(of.kernelWidth, of.strideWidth)};
}

void packWeights(const Convolution& of, const float* weight, float* panels) {
  for (size_t j = 0; j < of.filters; j += tileColumns) {
    packColumns(weight + j, of.filters, of.patch(), smaller(tileColumns, of.filters - j),
              panels + j * of.patch());
  }
}

void convolve(const Convolution& of, const float* image, const ConvolutionScratch& scratch,
              float* out) {
  const Bordered border = borderOf(of);
  const auto pitch = static_cast<ptrdiff_t>(border.pitch());
  const float* from = borderImage(border, of.height, of.width, image, scratch.bordered);
  for (size_t i = 0; i < of.kernelHeight; ++i) {
    scratch.offsets[i] = static_cast<ptrdiff_t>(i) * pitch;
  }
  const Runs runs{scratch.offsets, of.kernelHeight, of.kernelWidth * of.channels, 1};
  const Rows2d rows{of.outHeight,
                    of.outWidth,
                    from,
                    static_cast<ptrdiff_t>(of.strideHeight) * pitch,
                    static_cast<ptrdiff_t>(of.strideWidth * of.channels),
                    out,
                    static_cast<ptrdiff_t>(of.outWidth * of.filters),
                    static_cast<ptrdiff_t>(of.filters)};
  multiplyPanels(rows, runs, scratch.panels, of.filters, scratch.bias, scratch.tile);
}

// Calls visit(vertical phase, horizontal phase) for each pair of them.
template <typename Visit>
BITGRAD_INLINE void forPhases(const Convolution& of, const Visit& visit) {
  for (size_t y = 0; y < of.strideHeight; ++y) {
    const Phase vertical = phaseOf(y, of.height, of.top, of.kernelHeight, of.strideHeight);
    for (size_t x = 0; x < of.strideWidth; ++x) {
      visit(vertical, phaseOf(x, of.width, of.left, of.kernelWidth, of.strideWidth));
    }
  }
}

// weight[i, j, c, o] as [i, j, o, c], for each phase's i and j in panels of their own.
void packBackWeights(const Convolution& of, const float* weight, float* panels) {
  forPhases(of, [&](const Phase& vertical, const Phase& horizontal) {
    for (size_t c = 0; c < of.channels; c += tileColumns) {
      const size_t columns = smaller(tileColumns, of.channels - c);
      const size_t width = panelWidth(columns);
      for (size_t i = 0; i < vertical.indices; ++i) {
        for (size_t j = 0; j < horizontal.indices; ++j) {
          const size_t at = (vertical.index + i * of.strideHeight) * of.kernelWidth +
                            horizontal.index + j * of.strideWidth;
          const float* from = weight + (at * of.channels + c) * of.filters;
          for (size_t o = 0; o < of.filters; ++o, panels += width) {
            for (size_t k = 0; k < width; ++k) panels[k] = k < columns ? from[k * of.filters + o] : 0;
          }
        }
      }
    }
  });
}

void convolveBack(const Convolution& of, const float* dOut, const ConvolutionScratch& scratch,
                  float* dInput) {
  const Bordered border = backBorderOf(of);
  const auto pitch = static_cast<ptrdiff_t>(border.pitch());
  const auto filters = static_cast<ptrdiff_t>(of.filters);
  const auto channels = static_cast<ptrdiff_t>(of.channels);
  const float* from = borderImage(border, of.outHeight, of.outWidth, dOut, scratch.bordered);
  const float* panels = scratch.panels;
  forPhases(of, [&](const Phase& vertical, const Phase& horizontal) {
    size_t count = 0;
    for (size_t i = 0; i < vertical.indices; ++i) {
      for (size_t j = 0; j < horizontal.indices; ++j, ++count) {
        scratch.offsets[count] =
            -(static_cast<ptrdiff_t>(i) * pitch + static_cast<ptrdiff_t>(j) * filters);
      }
    }
    const Runs runs{scratch.offsets, count, of.filters, 1};
    const Rows2d rows{vertical.pixels,
                      horizontal.pixels,
                      from + (vertical.out + border.top) * border.pitch() +
                          (horizontal.out + border.left) * of.filters,
                      pitch,
                      filters,
                      dInput + (vertical.first * of.width + horizontal.first) * of.channels,
                      static_cast<ptrdiff_t>(of.strideHeight * of.width) * channels,
                      static_cast<ptrdiff_t>(of.strideWidth) * channels};
    multiplyPanels(rows, runs, panels, of.channels, nullptr, scratch.tile);
    panels += count * of.filters * panelsWidth(of.channels);
  });
}

void addWeightGradient(const Convolution& of, Range own, const float* image, const float* dOut,
                       bool continues, const ConvolutionScratch& scratch, float* dWeight) {
  const Bordered border = borderOf(of);
  const auto pitch = static_cast<ptrdiff_t>(border.pitch());
  const float* from = borderImage(border, of.height, of.width, image, scratch.bordered);
  for (size_t y = 0; y < of.outHeight; ++y) {
    scratch.offsets[y] = static_cast<ptrdiff_t>(y * of.strideHeight) * pitch;
  }
  const Runs runs{scratch.offsets, of.outHeight, of.outWidth,
                  static_cast<ptrdiff_t>(of.strideWidth * of.channels)};
  const size_t line = of.kernelWidth * of.channels;
  const auto filters = static_cast<ptrdiff_t>(of.filters);
  const Rows2d rows{of.kernelHeight, line,    from, pitch, 1, dWeight,
                    static_cast<ptrdiff_t>(line) * filters, filters};
  for (size_t j = 0; j < of.filters; j += tileColumns) {
    const size_t columns = smaller(tileColumns, of.filters - j);
    const bool isNarrow = columns % lanes != 0;
    if (isNarrow) packColumns(dOut + j, of.filters, of.outPixels(), columns, scratch.panels);
    multiplyPanel(rows, own, runs, isNarrow ? scratch.panels : dOut + j,
                  isNarrow ? panelWidth(columns) : of.filters, j, columns, continues, nullptr,
                  scratch.tile);
  }
}

}  // namespace
}  // namespace bitgrad
