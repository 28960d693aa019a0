// Matrix product by the contract: every element of C is a sum in ascending p, from +0, each product
// and each addition rounded to binary32. Vectors run across columns of C. Blocks over p continue
// the same sums: they are kept in C from one block to the next.
#include "gemm.h"

namespace bitgrad {
namespace {

// The tiles of one panel of columns, all rows of the product, B where it lies.
void multiplyInPlace(const Product& product, float* c, size_t ldc) {
  const size_t aStep = product.transposeA ? 1 : product.lda;
  for (size_t j = 0; j < product.n; j += tileColumns) {
    size_t first = j;
    size_t width = smaller(tileColumns, product.n - j);
    if (width < lanes) {
      first = product.n - lanes;
      width = lanes;
    }
    const size_t vectors = (width + lanes - 1) / lanes;
    for (size_t i = 0; i < product.m; i += tileRows) {
      const Tile tile{
          product.a + i * aStep, product.lda, product.b + first, product.ldb, width - lanes,
          c + i * ldc + first,   ldc};
      const size_t rows = smaller(tileRows, product.m - i);
      tileInPlace(rows, vectors, product.transposeA)(tile, product.k, false);
    }
  }
}

// A panel's last columns may be fewer than a tile has: the tile then goes through scratch memory.
void multiplyNarrow(TileFunction function, Tile tile, size_t rows, size_t columns, size_t depth,
                    bool continues, float* scratch) {
  constexpr size_t stride = mostTileColumns;
  float* c = tile.c;
  const size_t ldc = tile.ldc;
  tile.c = scratch;
  tile.ldc = stride;
  if (continues) {
    for (size_t i = 0; i < rows; ++i) {
      for (size_t j = 0; j < columns; ++j) scratch[i * stride + j] = c[i * ldc + j];
    }
  }
  function(tile, depth, continues);
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < columns; ++j) c[i * ldc + j] = scratch[i * stride + j];
  }
}

// A block of A times packed columns of B, into C.
//
// a: of the block's first row and p, packed or as it lies
void multiplyBlock(const TileShape& shape, bool aIsPacked, const float* a, size_t lda, size_t rows,
                   size_t columns, size_t depth, bool continues, float* c, size_t ldc,
                   GemmScratch& scratch) {
  for (size_t j = 0; j < columns; j += shape.columns) {
    const size_t width = smaller(shape.columns, columns - j);
    for (size_t i = 0; i < rows; i += shape.rows) {
      const size_t height = smaller(shape.rows, rows - i);
      const Tile tile{aIsPacked ? a + i * depth : a + i * lda,
                      aIsPacked ? shape.rows : lda,
                      scratch.b + j * depth,
                      shape.columns,
                      0,
                      c + i * ldc + j,
                      ldc};
      // The tile below begins by reading its part of C.
      for (size_t r = shape.rows; i + r < rows && r < 2 * shape.rows; ++r) {
        __builtin_prefetch(tile.c + r * ldc, 1);
        __builtin_prefetch(tile.c + r * ldc + width - 1, 1);
      }
      const TileFunction function = shape.function(height, aIsPacked);
      if (width == shape.columns) {
        function(tile, depth, continues);
      } else {
        multiplyNarrow(function, tile, height, width, depth, continues, scratch.c);
      }
    }
  }
}

void multiplyPacked(const Product& product, float* c, size_t ldc, GemmScratch& scratch) {
  const TileShape& shape = usedTile();
  for (size_t j = 0; j < product.n; j += blockColumns) {
    const size_t columns = smaller(blockColumns, product.n - j);
    // With enough columns, reading A in order is worth a copy.
    const bool packsA = product.transposeA || columns >= wideBlock;
    // Blocks as deep as each other: a shallow one would fetch all of C for little.
    const size_t blocks = (product.k + shape.depth - 1) / shape.depth;
    const size_t step = roundUp((product.k + blocks - 1) / blocks, stepsAtOnce);
    for (size_t p = 0; p < product.k; p += step) {
      const size_t depth = smaller(step, product.k - p);
      for (size_t panel = 0; panel < columns; panel += shape.columns) {
        const size_t column = j + panel;
        const float* from = product.transposeB ? product.b + column * product.ldb + p
                                               : product.b + p * product.ldb + column;
        packPanel(shape, product.transposeB, from, product.ldb, depth,
                  smaller(shape.columns, columns - panel), scratch.b + panel * depth);
      }
      for (size_t i = 0; i < product.m; i += blockRows) {
        const size_t rows = smaller(blockRows, product.m - i);
        const float* a = product.a + i * product.lda + p;
        if (product.transposeA) {
          packTransposed(shape, product.a + p * product.lda + i, product.lda, depth, rows,
                         scratch.a);
        } else if (packsA) {
          packRows(shape, a, product.lda, depth, rows, scratch.a);
        }
        multiplyBlock(shape, packsA, packsA ? scratch.a : a, product.lda, rows, columns, depth,
                      p > 0, c + i * ldc + j, ldc, scratch);
      }
    }
  }
}

// A single product an element, added to +0, which turns −0 into +0.
void multiplyOuter(const Product& product, float* c, size_t ldc) {
  const size_t aStep = product.transposeA ? 1 : product.lda;
  for (size_t i = 0; i < product.m; ++i, c += ldc) {
    const Vector factor = broadcast(product.a[i * aStep]);
    for (size_t j = 0; j < product.n; j += lanes) {
      const size_t column = smaller(j, product.n - lanes);
      store(c + column, factor * load(product.b + column) + 0.0f);
    }
  }
}

// A single row of op(A), with B transposed: too little work for a packed copy of B.
void multiplyRow(const Product& product, float* c) {
  const size_t aStep = product.transposeA ? product.lda : 1;
  size_t j = 0;
  for (; j + 16 <= product.n; j += 16) {
    multiplySquares<4>(product.k, product.a, aStep, product.b + j * product.ldb, product.ldb,
                       c + j);
  }
  for (; j < product.n; j += 4) {
    const size_t column = smaller(j, product.n - 4);
    multiplySquares<1>(product.k, product.a, aStep, product.b + column * product.ldb, product.ldb,
                       c + column);
  }
}

// Packing B pays where its panels are read often.
bool isBestInPlace(const Product& product) {
  const bool isRead = product.m <= inPlaceTiles * tileRows || product.n <= 2 * tileColumns;
  return !product.transposeB && product.n >= lanes && isRead;
}

void multiply(const Product& product, float* c, size_t ldc, GemmScratch& scratch) {
  if (product.m == 0 || product.n == 0) return;
  if (product.k == 0) {
    for (size_t i = 0; i < product.m; ++i) {
      for (size_t j = 0; j < product.n; ++j) c[i * ldc + j] = 0.0f;
    }
  } else if (product.k == 1 && product.n >= lanes && !product.transposeB) {
    multiplyOuter(product, c, ldc);
  } else if (product.m == 1 && product.transposeB && product.n >= 4 && product.k >= 4) {
    multiplyRow(product, c);
  } else if (isBestInPlace(product)) {
    multiplyInPlace(product, c, ldc);
  } else {
    multiplyPacked(product, c, ldc, scratch);
  }
}

Product part(const Product& whole, size_t i, size_t rows, size_t j, size_t columns) {
  const float* a = whole.a + (whole.transposeA ? i : i * whole.lda);
  const float* b = whole.b + (whole.transposeB ? j * whole.ldb : j);
  return {whole.transposeA, whole.transposeB, rows, columns, whole.k, a, whole.lda, b, whole.ldb};
}

// c[j] = alpha · sums[j] + beta · c[j] at every `increment`; with beta 0, c is not read.
void scaleRow(const float* sums, size_t n, float alpha, float beta, float* c, size_t increment) {
  for (size_t j = 0; j < n; ++j, c += increment) {
    const float scaled = alpha * sums[j];
    *c = beta == 0.0f ? scaled : scaled + beta * *c;
  }
}

void sgemm(bool transposeA, bool transposeB, size_t m, size_t n, size_t k, float alpha,
           const float* a, size_t lda, const float* b, size_t ldb, float beta, float* c, size_t ldc,
           unsigned char* memory) {
  GemmScratch& scratch = *reinterpret_cast<GemmScratch*>(memory);
  const Product product{transposeA, transposeB, m, n, k, a, lda, b, ldb};
  if (alpha == 1.0f && beta == 0.0f) {
    multiply(product, c, ldc, scratch);
    return;
  }
  multiplyInParts(product, scratch, [&](size_t i, size_t rows, size_t j, size_t columns,
                                        const float* sums) {
    for (size_t r = 0; r < rows; ++r) {
      scaleRow(sums + r * columns, columns, alpha, beta, c + (i + r) * ldc + j, 1);
    }
  });
}

// As a product of one row, xᵀ · op(A)ᵀ; x counts as a column, so that it may have an increment.
void sgemv(bool transpose, size_t m, size_t n, float alpha, const float* a, size_t lda,
           const float* x, size_t incx, float beta, float* y, size_t incy, unsigned char* memory) {
  GemmScratch& scratch = *reinterpret_cast<GemmScratch*>(memory);
  const size_t outputs = transpose ? n : m;
  const Product product{true, !transpose, 1, outputs, transpose ? m : n, x, incx, a, lda};
  multiplyInParts(product, scratch, [&](size_t, size_t, size_t j, size_t columns,
                                        const float* sums) {
    scaleRow(sums, columns, alpha, beta, y + j * incy, incy);
  });
}

}  // namespace
}  // namespace bitgrad
