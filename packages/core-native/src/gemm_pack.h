// Copies parts of a product's operands to where the tiles can read them in order.
#pragma once

#include "gemm_square.h"
#include "gemm_tile.h"

namespace bitgrad {
namespace {

// One panel of B: to [depth, tileColumns], zeros behind `columns`.
//
// from: B's first element of the panel; [depth, columns], or [columns, depth] if transposed
void packPanel(bool transposed, const float* from, size_t ldb, size_t depth, size_t columns,
               float* to) {
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

// Panels of A: to [rows ÷ tileRows][depth, tileRows]; the last may have fewer rows, which keep the
// same stride.
//
// from: A's first element of the block, [rows, depth]
void packRows(const float* from, size_t lda, size_t depth, size_t rows, float* to) {
  for (size_t i = 0; i < rows; i += tileRows, to += depth * tileRows) {
    const size_t count = smaller(tileRows, rows - i);
    const float* panel = from + i * lda;
    if (count < tileRows || depth < 4) {
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
void packTransposed(const float* from, size_t lda, size_t depth, size_t rows, float* to) {
  for (size_t i = 0; i < rows; i += tileRows, to += depth * tileRows) {
    const size_t count = smaller(tileRows, rows - i);
    for (size_t p = 0; p < depth; ++p) {
      const float* row = from + p * lda + i;
      if (count == tileRows) {
        __builtin_memcpy(to + p * tileRows, row, tileRows * sizeof(float));
      } else {
        for (size_t j = 0; j < count; ++j) to[p * tileRows + j] = row[j];
      }
    }
  }
}

}  // namespace
}  // namespace bitgrad
