// Pooling and its gradients; see `MaxPool2d` and what follows it in ops.ts. Vectors run across
// channels.
#include "program.h"

namespace bitgrad {
namespace {

// The places of one window that lie inside the image, from (top, left) to (bottom, right), exclusive.
struct Clipped {
  size_t top;
  size_t left;
  size_t bottom;
  size_t right;

  size_t count() const { return (bottom - top) * (right - left); }
};

// Of one side: where a window begins and ends inside the image.
BITGRAD_INLINE Range clip(size_t place, size_t stride, size_t padding, size_t kernel, size_t size) {
  const size_t start = place * stride;
  return {start > padding ? start - padding : 0, smaller(start + kernel - padding, size)};
}

template <typename View>
BITGRAD_INLINE Clipped windowAt(const View& op, size_t y, size_t x) {
  const Range rows =
      clip(y, op.strideVertical(), op.paddingTop(), op.kernelHeight(), op.height());
  const Range columns =
      clip(x, op.strideHorizontal(), op.paddingLeft(), op.kernelWidth(), op.width());
  return {rows.begin, columns.begin, rows.end, columns.end};
}

// Calls visit(window, first element of its image, its own first element) for the windows of the
// member's images in order.
template <typename View, typename Visit>
BITGRAD_INLINE void forWindows(const View& op, const Place& place, const Visit& visit) {
  const size_t channels = op.channels();
  const size_t size = size_t{op.height()} * op.width() * channels;
  const Range rows = rowsOf(place);
  size_t to = rows.begin * op.outHeight() * op.outWidth() * channels;
  for (size_t row = rows.begin; row < rows.end; ++row) {
    for (size_t y = 0; y < op.outHeight(); ++y) {
      for (size_t x = 0; x < op.outWidth(); ++x, to += channels) {
        visit(windowAt(op, y, x), row * size, to);
      }
    }
  }
}

// Calls visit.channels<Count>(first) for the channels in vectors, and for those left one by one.
template <typename Visit>
BITGRAD_INLINE void forChannels(size_t channels, const Visit& visit) {
  size_t c = 0;
  for (; c + 2 * lanes <= channels; c += 2 * lanes) visit.template channels<2 * lanes>(c);
  for (; c + 4 <= channels; c += 4) visit.template channels<4>(c);
  for (; c < channels; ++c) visit.template channels<1>(c);
}

// One window of an image's [height, width, channels].
struct WindowOfImage {
  const Clipped& window;
  const float* image;
  size_t pitch;
  size_t stride;

  // Calls visit(where the place's channels from c on lie, its number) for each place inside.
  template <typename Visit>
  BITGRAD_INLINE void forPlaces(size_t c, const Visit& visit) const {
    uint32_t number = 0;
    for (size_t y = window.top; y < window.bottom; ++y) {
      for (size_t x = window.left; x < window.right; ++x, ++number) {
        visit(y * pitch + x * stride + c, number);
      }
    }
  }
};

template <typename View>
BITGRAD_INLINE WindowOfImage windowOf(const View& op, const Clipped& window, const float* image) {
  return {window, image, size_t{op.width()} * op.channels(), op.channels()};
}

struct Greatest {
  WindowOfImage of;
  float* output;

  template <size_t Count>
  BITGRAD_INLINE void channels(size_t c) const {
    float best[Count] = {};
    of.forPlaces(c, [&](size_t at, uint32_t number) __attribute__((always_inline)) {
      const float* from = of.image + at;
      for (size_t i = 0; i < Count; ++i) {
        best[i] = number == 0 || from[i] > best[i] ? from[i] : best[i];
      }
    });
    for (size_t i = 0; i < Count; ++i) output[c + i] = best[i];
  }
};

Status runOp(const MaxPool2d& op, const Place& place) {
  forWindows(op, place, [&](const Clipped& window, size_t from, size_t to) {
    forChannels(op.channels(),
                Greatest{windowOf(op, window, op.input() + from), op.output() + to});
  });
  return done;
}

// Adds a window's gradients to what it won: +0 to all others, which changes no bit of a sum that began
// with +0.
struct GreatestGrad {
  WindowOfImage of;
  const float* dOutput;
  float* dInput;

  template <size_t Count>
  BITGRAD_INLINE void channels(size_t c) const {
    float best[Count] = {};
    uint32_t winner[Count] = {};
    of.forPlaces(c, [&](size_t at, uint32_t number) __attribute__((always_inline)) {
      const float* from = of.image + at;
      for (size_t i = 0; i < Count; ++i) {
        const bool wins = number == 0 || from[i] > best[i];
        best[i] = wins ? from[i] : best[i];
        winner[i] = wins ? number : winner[i];
      }
    });
    float gradients[Count];
    for (size_t i = 0; i < Count; ++i) gradients[i] = dOutput[c + i];
    of.forPlaces(c, [&](size_t at, uint32_t number) __attribute__((always_inline)) {
      float* into = dInput + at;
      for (size_t i = 0; i < Count; ++i) {
        into[i] = into[i] + (winner[i] == number ? gradients[i] : 0.0f);
      }
    });
  }
};

template <typename View>
BITGRAD_INLINE void clearRows(const View& op, const Place& place) {
  const size_t size = size_t{op.height()} * op.width() * op.channels();
  const Range rows = rowsOf(place);
  __builtin_memset(op.dInput() + rows.begin * size, 0, rows.size() * size * sizeof(float));
}

Status runOp(const MaxPool2dGrad& op, const Place& place) {
  clearRows(op, place);
  forWindows(op, place, [&](const Clipped& window, size_t from, size_t to) {
    forChannels(op.channels(), GreatestGrad{windowOf(op, window, op.input() + from),
                                            op.dOutput() + to, op.dInput() + from});
  });
  return done;
}

struct Average {
  WindowOfImage of;
  float count;
  float* output;

  template <size_t Count>
  BITGRAD_INLINE void channels(size_t c) const {
    float sums[Count] = {};
    of.forPlaces(c, [&](size_t at, uint32_t) __attribute__((always_inline)) {
      for (size_t i = 0; i < Count; ++i) sums[i] = sums[i] + of.image[at + i];
    });
    for (size_t i = 0; i < Count; ++i) output[c + i] = sums[i] / count;
  }
};

Status runOp(const AveragePool2d& op, const Place& place) {
  forWindows(op, place, [&](const Clipped& window, size_t from, size_t to) {
    forChannels(op.channels(),
                Average{windowOf(op, window, op.input() + from),
                        static_cast<float>(window.count()), op.output() + to});
  });
  return done;
}

struct AverageGrad {
  WindowOfImage of;
  float count;
  const float* dOutput;
  float* dInput;

  template <size_t Count>
  BITGRAD_INLINE void channels(size_t c) const {
    float shares[Count];
    for (size_t i = 0; i < Count; ++i) shares[i] = dOutput[c + i] / count;
    of.forPlaces(c, [&](size_t at, uint32_t) __attribute__((always_inline)) {
      float* into = dInput + at;
      for (size_t i = 0; i < Count; ++i) into[i] = into[i] + shares[i];
    });
  }
};

Status runOp(const AveragePool2dGrad& op, const Place& place) {
  clearRows(op, place);
  forWindows(op, place, [&](const Clipped& window, size_t from, size_t to) {
    forChannels(op.channels(),
                AverageGrad{windowOf(op, window, nullptr), static_cast<float>(window.count()),
                            op.dOutput() + to, op.dInput() + from});
  });
  return done;
}

}  // namespace
}  // namespace bitgrad
