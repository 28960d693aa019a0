// The shapes that a tile of packed operands can have. They differ in nothing but time, and in which one
// takes least a processor differs from another: it is measured (src/tiles.ts).
#pragma once

#include "gemm_tile.h"

namespace bitgrad {
namespace {

struct TileShape {
  // Rows × vectors of columns, and the lanes of a vector.
  const char* name;
  size_t rows;
  size_t columns;
  // How deep a panel of B is, so that it stays in the first cache.
  size_t depth;
  // The functions for 1 to `rows` rows: of A as it lies, and of A packed.
  const TileFunction* ofRows;
  const TileFunction* ofColumns;

  TileFunction function(size_t count, bool isPacked) const {
    return (isPacked ? ofColumns : ofRows)[count - 1];
  }
};

template <size_t count, size_t Rows, size_t Vectors, bool isPacked>
constexpr TileFunctions<count, Rows, Vectors, isPacked, true> packedFunctions;

template <size_t Rows, size_t Vectors, size_t count>
constexpr TileShape tileShape(const char* name, size_t depth) {
  return {name,
          Rows,
          Vectors * count,
          depth,
          packedFunctions<count, Rows, Vectors, false>.of,
          packedFunctions<count, Rows, Vectors, true>.of};
}

// The usual one first. Few rows of many vectors spare instructions: B is an operand of the
// multiplication itself. Narrow vectors suit processors that halve the wider ones.
constexpr TileShape tileShapes[] = {
#if BITGRAD_VECTOR_BYTES == 64
    tileShape<8, 2, 16>("8x2x16", 256),
#elif BITGRAD_VECTOR_BYTES == 32
    tileShape<6, 2, 8>("6x2x8", 400),
    tileShape<3, 4, 8>("3x4x8", 256),
    tileShape<3, 4, 4>("3x4x4", 400),
#elif defined(__x86_64__)
    tileShape<3, 4, 4>("3x4x4", 400),
    tileShape<4, 2, 4>("4x2x4", 400),
#else
    tileShape<4, 2, 4>("4x2x4", 400),
#endif
};
constexpr size_t tileShapeCount = sizeof tileShapes / sizeof *tileShapes;

constexpr size_t mostTileRows = 8;
constexpr size_t mostTileColumns = 32;
constexpr size_t mostTileDepth = 400;

// All shapes give the same bits: another may be chosen while products are computed.
size_t chosenTile = 0;

BITGRAD_INLINE const TileShape& usedTile() {
  if constexpr (tileShapeCount == 1) return tileShapes[0];
  return tileShapes[__atomic_load_n(&chosenTile, __ATOMIC_RELAXED)];
}

const char* tileName(size_t index) {
  return index < tileShapeCount ? tileShapes[index].name : nullptr;
}

void useTile(size_t index) {
  if (index < tileShapeCount) __atomic_store_n(&chosenTile, index, __ATOMIC_RELAXED);
}

}  // namespace
}  // namespace bitgrad
