// Copies parts of a product's operands to where the tiles can read them in order.
#pragma once

#include "gemm_square.h"
#include "tile_shapes.h"

namespace bitgrad {
namespace {

// One panel of B: to [depth, shape.columns], zeros behind `columns`.
//
// from: B's first element of the panel; [depth, columns], or [columns, depth] if transposed
void packPanel(const TileShape& shape, bool transposed, const float* from, size_t ldb, size_t depth,
               size_t columns, float* to) {
  const size_t tileColumns = shape.columns;
  if (columns < tileColumns) __builtin_memset(to, 0, depth * tileColumns * sizeof(float));
  if (!transposed) {
    for (size_t p = 0; p < depth; ++p, from += ldb, to += tileColumns) {
      if (columns == tileColumns) {
        for (size_t j = 0; j < tileColumns; j += lanes) store(to + j, load(from + j));
      } else {
        for (size_t j = 0; j < columns; ++j) to[j] = from[j];
      }
    }
    return;
  }
  if (columns < 4 || depth < 4) {
    for (size_t j = 0; j < columns; ++j) {
      for (size_t p = 0; p < depth; ++p) to[p * tileColumns + j] = from[j * ldb + p];
    }
    return;
  }
  // Where 4 does not divide a size, the last squares overlap those before and write the same again.
  for (size_t j = 0; j < columns; j += 4) {
    const size_t column = smaller(j, columns - 4);
    for (size_t p = 0; p < depth; p += 4) {
      const size_t row = smaller(p, depth - 4);
      const Square square = loadTransposed(from + column * ldb + row, ldb);
      for (size_t i = 0; i < 4; ++i) {
        *reinterpret_cast<UnalignedFour*>(to + (row + i) * tileColumns + column) = square.rows[i];
      }
    }
  }
}

// Panels of A: to [rows ÷ shape.rows][depth, shape.rows]; the last may have fewer rows, which keep the
// same stride.
//
// from: A's first element of the block, [rows, depth]
void packRows(const TileShape& shape, const float* from, size_t lda, size_t depth, size_t rows,
              float* to) {
  const size_t tileRows = shape.rows;
  for (size_t i = 0; i < rows; i += tileRows, to += depth * tileRows) {
    const size_t count = smaller(tileRows, rows - i);
    const float* panel = from + i * lda;
    if (count < tileRows || tileRows < 4 || depth < 4) {
      for (size_t j = 0; j < count; ++j) {
        for (size_t p = 0; p < depth; ++p) to[p * tileRows + j] = panel[j * lda + p];
      }
      continue;
    }
    // As in packPanel, the last squares overlap those before.
    for (size_t p = 0; p < depth; p += 4) {
      const size_t column = smaller(p, depth - 4);
      for (size_t j = 0; j < tileRows; j += 4) {
        const size_t row = smaller(j, tileRows - 4);
        const Square square = loadTransposed(panel + row * lda + column, lda);
        for (size_t s = 0; s < 4; ++s) {
          *reinterpret_cast<UnalignedFour*>(to + (column + s) * tileRows + row) = square.rows[s];
        }
      }
    }
  }
}

// The same of transposed A.
//
// from: A's first element of the block, [depth, rows]
void packTransposed(const TileShape& shape, const float* from, size_t lda, size_t depth, size_t rows,
                    float* to) {
  const size_t tileRows = shape.rows;
  for (size_t i = 0; i < rows; i += tileRows, to += depth * tileRows) {
    const size_t count = smaller(tileRows, rows - i);
    for (size_t p = 0; p < depth; ++p) {
      const float* row = from + p * lda + i;
      float* packed = to + p * tileRows;
      if (count < 4) {
        for (size_t j = 0; j < count; ++j) packed[j] = row[j];
        continue;
      }
      for (size_t j = 0; j < count; j += 4) {
        const size_t first = smaller(j, count - 4);
        *reinterpret_cast<UnalignedFour*>(packed + first) =
            *reinterpret_cast<const UnalignedFour*>(row + first);
      }
    }
  }
}

}  // namespace
}  // namespace bitgrad
