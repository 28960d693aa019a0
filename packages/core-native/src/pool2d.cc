// Pooling and its gradients; see `MaxPool2d` and what follows it in ops.ts. Vectors run across
// channels.
#include "program.h"

namespace bitgrad {
namespace {

typedef int32_t Integers __attribute__((vector_size(BITGRAD_VECTOR_BYTES)));

// A vector of channels or, where fewer are left, one: and integers beside it.
template <typename Value>
struct Beside;
template <>
struct Beside<Vector> {
  using Integer = Integers;
};
template <>
struct Beside<float> {
  using Integer = int32_t;
};

template <typename Value>
BITGRAD_INLINE Value read(const float* from);
template <>
BITGRAD_INLINE Vector read(const float* from) {
  return load(from);
}
template <>
BITGRAD_INLINE float read(const float* from) {
  return *from;
}
BITGRAD_INLINE void write(float* to, Vector value) { store(to, value); }
BITGRAD_INLINE void write(float* to, float value) { *to = value; }

// Of one side: where a window begins and ends inside the image.
BITGRAD_INLINE Range clip(size_t place, size_t stride, size_t padding, size_t kernel, size_t size) {
  const size_t start = place * stride;
  return {start > padding ? start - padding : 0, smaller(start + kernel - padding, size)};
}

// The places of one window that lie inside the image; elements are those of the image's first channel
// plus these.
struct Windowed {
  Range rows;
  Range columns;
  size_t pitch;
  size_t channels;

  size_t count() const { return rows.size() * columns.size(); }
  size_t first() const { return rows.begin * pitch + columns.begin * channels; }

  // Calls visit(element, number of the place).
  template <typename Visit>
  BITGRAD_INLINE void forEach(const Visit& visit) const {
    int32_t number = 0;
    for (size_t y = rows.begin; y < rows.end; ++y) {
      for (size_t x = columns.begin; x < columns.end; ++x, ++number) {
        visit(y * pitch + x * channels, number);
      }
    }
  }
};

// Calls visit(places, first element of the image, first element of the result, one of the channels in a
// vector or alone) for all windows of the member's images in order.
template <typename View, typename Visit>
BITGRAD_INLINE void forWindows(const View& op, const Place& place, const Visit& visit) {
  // Copies, as for all the compiler knows the stores could change the originals.
  const size_t channels = op.channels();
  const size_t width = op.width();
  const size_t height = op.height();
  const size_t outWidth = op.outWidth();
  const size_t outHeight = op.outHeight();
  const size_t stride = op.strideHorizontal();
  const size_t padding = op.paddingLeft();
  const size_t kernel = op.kernelWidth();
  const size_t size = height * width * channels;
  const Range rows = rowsOf(place);
  size_t to = rows.begin * outHeight * outWidth * channels;
  for (size_t row = rows.begin; row < rows.end; ++row) {
    for (size_t y = 0; y < outHeight; ++y) {
      const Range inside =
          clip(y, op.strideVertical(), op.paddingTop(), op.kernelHeight(), height);
      for (size_t x = 0; x < outWidth; ++x, to += channels) {
        const Windowed places{inside, clip(x, stride, padding, kernel, width), width * channels,
                            channels};
        size_t c = 0;
        for (; c + lanes <= channels; c += lanes) visit(places, row * size + c, to + c, Vector{});
        for (; c < channels; ++c) visit(places, row * size + c, to + c, 0.0f);
      }
    }
  }
}

template <typename View>
BITGRAD_INLINE void clearRows(const View& op, const Place& place) {
  const size_t size = size_t{op.height()} * op.width() * op.channels();
  const Range rows = rowsOf(place);
  __builtin_memset(op.dInput() + rows.begin * size, 0, rows.size() * size * sizeof(float));
}

Status runOp(const MaxPool2d& op, const Place& place) {
  const float* input = op.input();
  float* output = op.output();
  forWindows(op, place, [=](const Windowed& places, size_t from, size_t to, auto kind)
                            __attribute__((always_inline)) {
    using Value = decltype(kind);
    Value best = read<Value>(input + from + places.first());
    places.forEach([&](size_t at, int32_t) __attribute__((always_inline)) {
      const Value value = read<Value>(input + from + at);
      best = value > best ? value : best;
    });
    write(output + to, best);
  });
  return done;
}

// Adds a window's gradients to what it won: +0 to all others, which changes no bit of a sum that began
// with +0.
Status runOp(const MaxPool2dGrad& op, const Place& place) {
  clearRows(op, place);
  const float* input = op.input();
  const float* dOutput = op.dOutput();
  float* dInput = op.dInput();
  forWindows(op, place, [=](const Windowed& places, size_t from, size_t to, auto kind)
                            __attribute__((always_inline)) {
    using Value = decltype(kind);
    using Integer = typename Beside<Value>::Integer;
    Value best = read<Value>(input + from + places.first());
    Integer winner{};
    places.forEach([&](size_t at, int32_t number) __attribute__((always_inline)) {
      const Value value = read<Value>(input + from + at);
      winner = value > best ? Integer{} + number : winner;
      best = value > best ? value : best;
    });
    const Value gradient = read<Value>(dOutput + to);
    places.forEach([&](size_t at, int32_t number) __attribute__((always_inline)) {
      const Value sum = read<Value>(dInput + from + at);
      write(dInput + from + at, sum + (winner == Integer{} + number ? gradient : Value{}));
    });
  });
  return done;
}

Status runOp(const AveragePool2d& op, const Place& place) {
  const float* input = op.input();
  float* output = op.output();
  forWindows(op, place, [=](const Windowed& places, size_t from, size_t to, auto kind)
                            __attribute__((always_inline)) {
    using Value = decltype(kind);
    Value sum{};
    places.forEach([&](size_t at, int32_t) __attribute__((always_inline)) {
      sum = sum + read<Value>(input + from + at);
    });
    write(output + to, sum / static_cast<float>(places.count()));
  });
  return done;
}

Status runOp(const AveragePool2dGrad& op, const Place& place) {
  clearRows(op, place);
  const float* dOutput = op.dOutput();
  float* dInput = op.dInput();
  forWindows(op, place, [=](const Windowed& places, size_t from, size_t to, auto kind)
                            __attribute__((always_inline)) {
    using Value = decltype(kind);
    const Value share = read<Value>(dOutput + to) / static_cast<float>(places.count());
    places.forEach([&](size_t at, int32_t) __attribute__((always_inline)) {
      write(dInput + from + at, read<Value>(dInput + from + at) + share);
    });
  });
  return done;
}

}  // namespace
}  // namespace bitgrad
