// The first layer's products with a batch of samples most of whose values are 0, as a digit's are.
// Skipping a zero factor changes no bit (contract, rule 3).
#pragma once

#include "product.h"
#include "sparse_columns.h"
#include "weight_panels.h"

namespace bitgrad {
namespace {

// Some features, each with the rows in which it is not 0: where values are not all 1.
struct FeatureLists {
  size_t capacity;  // how many features there is room for
  uint16_t* features;
  uint32_t* starts;  // where each feature's list begins, and where the last one ends
  uint16_t* rows;    // ascending, one list after another
  float* values;     // of the same entries
  uint32_t count;    // of the features
};

// What a member's products need for their own use.
struct SparseScratch {
  size_t* cursors;  // [batchSize], where each row goes on: in its list, or among all values
  float* panel;     // [batchSize + 1, panelVectors · lanes], a part of the output or of dOutput
  float* block;     // [blockFloats], a part of the weights
  // For gradients: the flags mirrored, a bit for each row of the step, [features, rows ÷ 64], both
  // rounded up.
  uint64_t* rowFlags;
  FeatureLists features;
};

// Which values of a batch [rows, features] are not 0.
struct SparseBatch {
  size_t features;
  // All values that are not 0 are 1, so that multiplying by them can be left out.
  bool isBinary;

  // Row r's features, ascending, at lists + r · listStride: counts[r] of them, then `endOfList`; and
  // likewise their values, which only those that are not all 1 have.
  uint16_t* lists;
  float* values;
  size_t listStride;
  uint32_t* counts;

  // The same as bits, a bit for each feature: row r's at flags + r · flagStride, whole words. Null
  // where no gradient of several rows asks for it.
  uint8_t* flags;
  size_t flagStride;

  // Whether skipping zeros beats the dense product's speed. Of such a row the dense input is not
  // filled.
  bool isSparseRow(size_t count) const { return count * 5 <= features * 2; }

  SparseScratch scratch;
};

// The rows from `first` on.
BITGRAD_INLINE SparseBatch rowsFrom(SparseBatch batch, size_t first) {
  batch.lists += first * batch.listStride;
  batch.values += batch.isBinary ? 0 : first * batch.listStride;
  batch.counts += first;
  batch.flags += first * batch.flagStride;
  return batch;
}

// From so many samples on, a block of weights in the first cache is used by all before the next one.
constexpr size_t manySamples = 8;
constexpr size_t blockFloats = 12288;

// Lists of different rows must not share a cache line: rows may be listed by different members.
constexpr size_t listsApart = 64 / sizeof(uint16_t);

// Indices are 16 bits wide, and the largest is no index.
constexpr uint16_t endOfList = 0xffff;
constexpr size_t largestSparseSize = endOfList;

// Lists the features of row r that are not 0, for floats with their values.
void listBytes(const SparseBatch& batch, size_t r, const uint8_t* bytes);
void listFloats(const SparseBatch& batch, size_t r, const float* values);

// Whether there is any row among these that dense products cannot or should not take.
BITGRAD_INLINE bool isSparse(const SparseBatch& batch, Range rows) {
  bool isAny = false;
  for (size_t r = rows.begin; r < rows.end; ++r) isAny |= batch.isSparseRow(batch.counts[r]);
  return isAny;
}

// output[r, j] = Σ_f batch[r, f] · weight[f, j], for some of the rows and columns.
void sparseForward(const SparseBatch& batch, const Share& own, const float* weight,
                   const WeightLayout& layout, float* output);

// gradient[f, j] = Σ_r batch[r, f] · dOutput[r, j], for some of the features and columns.
void sparseGradient(const SparseBatch& batch, size_t rows, const Share& own, const float* dOutput,
                    size_t width, float* gradient);

// weight −= rate · (the same + l2 · weight), without storing the gradient. With l2 0, a feature that
// is 0 in every row has a gradient of +0, and its weights stay as they are.
void sparseUpdate(const SparseBatch& batch, size_t rows, const Share& own, const float* dOutput,
                  float rate, float l2, float* weight, const WeightLayout& layout);

// The same two of a batch that is one sample; the update with l2 0.
void gradientBySample(const SparseBatch& batch, const Share& own, const float* dOutput,
                      size_t width, float* gradient);
void updateBySample(const SparseBatch& batch, const Share& own, const float* dOutput, size_t width,
                    float rate, float* weight);

}  // namespace
}  // namespace bitgrad
