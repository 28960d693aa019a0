#include "sparse_list.h"

#include "nonzero.h"
#include "sparse.h"

namespace bitgrad {
namespace {

template <bool isFlagged, typename Value>
BITGRAD_INLINE void listValues(const SparseBatch& batch, size_t r, const Value* values) {
  // Copies, as for all the compiler knows the stores below could change the originals.
  const size_t features = batch.features;
  uint8_t* to = isFlagged ? batch.flags + r * batch.flagStride : nullptr;
  uint16_t* list = batch.lists + r * batch.listStride;
  uint16_t* end = list;
  const auto append = [&](uint8_t flags, size_t first) {
    end += appendPlaces(flags, EightShorts{} + static_cast<uint16_t>(first), end);
    if constexpr (isFlagged) {
      *to = flags;
      ++to;
    }
  };
  size_t f = 0;
  for (; f + 8 <= features; f += 8) append(nonZeroFlags(values + f), f);
  if (f < features) {
    Value last[8] = {};
    for (size_t i = 0; f + i < features; ++i) last[i] = values[f + i];
    append(nonZeroFlags(last), f);
  }
  *end = endOfList;
  batch.counts[r] = static_cast<uint32_t>(end - list);
}

void listBytes(const SparseBatch& batch, size_t r, const uint8_t* bytes) {
  if (batch.flags == nullptr) {
    listValues<false>(batch, r, bytes);
  } else {
    listValues<true>(batch, r, bytes);
  }
}

void listFloats(const SparseBatch& batch, size_t r, const float* values) {
  if (batch.flags == nullptr) {
    listValues<false>(batch, r, values);
  } else {
    listValues<true>(batch, r, values);
  }
  const uint16_t* list = batch.lists + r * batch.listStride;
  float* own = batch.values + r * batch.listStride;
  for (size_t t = 0; t < batch.counts[r]; ++t) own[t] = values[list[t]];
}

}  // namespace
}  // namespace bitgrad
