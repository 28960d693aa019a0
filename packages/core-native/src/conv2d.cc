// The ops of a convolution; see `Conv2d` and its gradients in ops.ts.
#include "bias.h"
#include "conv2d.h"
#include "convolution.h"
#include "shards.h"

namespace bitgrad {
namespace {

template <typename View>
Convolution convolutionOf(const View& op) {
  return {op.height(),         op.width(),       op.channels(),    op.outHeight(),
          op.outWidth(),       op.filters(),     op.kernelHeight(), op.kernelWidth(),
          op.strideVertical(), op.strideHorizontal(), op.paddingTop(), op.paddingLeft()};
}

BITGRAD_INLINE const ConvolutionScratch& scratchOf(const Op& op, const Place& place) {
  return static_cast<const ConvolutionScratch*>(op.own)[place.member];
}

void fillZeros(float* values, size_t length) {
  __builtin_memset(values, 0, length * sizeof(float));
}

Status runOp(const Conv2d& op, const Place& place) {
  const Convolution convolution = convolutionOf(op);
  const Range rows = rowsOf(place);
  float* output = op.output() + rows.begin * convolution.outSize();
  if (convolution.isEmpty()) {
    const size_t pixels = rows.size() * convolution.outPixels();
    fillZeros(output, pixels * convolution.filters);
    if (op.hasBias()) biasAdd(output, op.bias(), pixels, convolution.filters);
    return done;
  }
  if (rows.size() == 0) return done;
  const ConvolutionScratch& scratch = scratchOf(op.op, place);
  if (place.isFirst) {
    packWeights(convolution, op.weight(), scratch.panels);
    if (op.hasBias()) {
      __builtin_memcpy(scratch.bias, op.bias(), convolution.filters * sizeof(float));
    }
  }
  for (size_t row = rows.begin; row < rows.end; ++row, output += convolution.outSize()) {
    convolve(convolution, op.input() + row * convolution.size(), scratch, output);
  }
  return done;
}

Status runOp(const Conv2dInputGrad& op, const Place& place) {
  const Convolution convolution = convolutionOf(op);
  const Range rows = rowsOf(place);
  float* dInput = op.dInput() + rows.begin * convolution.size();
  if (convolution.isEmpty()) {
    fillZeros(dInput, rows.size() * convolution.size());
    return done;
  }
  if (rows.size() == 0) return done;
  const ConvolutionScratch& scratch = scratchOf(op.op, place);
  if (place.isFirst) packBackWeights(convolution, op.weight(), scratch.panels);
  for (size_t row = rows.begin; row < rows.end; ++row, dInput += convolution.size()) {
    convolveBack(convolution, op.dOutput() + row * convolution.outSize(), scratch, dInput);
  }
  return done;
}

Status runOp(const Conv2dWeightGrad& op, const Place& place) {
  const Convolution convolution = convolutionOf(op);
  const size_t filters = convolution.filters;
  const size_t shards = op.shards();
  const Range own = shareOf(convolution.patch(), 1, place);
  const Range columns = shareOf(filters, lineFloats, place);
  for (size_t shard = 0; shard < shards; ++shard) {
    const size_t first = firstRowOf(shard, place.rows, shards);
    const size_t end = firstRowOf(shard + 1, place.rows, shards);
    const float* dOutput = op.dOutput() + first * convolution.outSize();
    float* dWeight = op.dWeight() + shard * convolution.patch() * filters;
    if (first == end || convolution.isEmpty()) {
      fillZeros(dWeight + own.begin * filters, own.size() * filters);
    } else if (own.size() > 0) {
      for (size_t row = first; row < end; ++row) {
        addWeightGradient(convolution, own, op.input() + row * convolution.size(),
                          op.dOutput() + row * convolution.outSize(), row > first,
                          scratchOf(op.op, place), dWeight);
      }
    }
    if (!op.hasDBias()) continue;
    biasGrad(dOutput, op.dBias() + shard * filters, (end - first) * convolution.outPixels(),
             filters, columns.begin, columns.end);
  }
  return done;
}

// Memory for each member: a border, zeros; panels; places of runs.
void allocateScratch(Op& op, const Bordered& border, size_t panels, size_t bias, size_t offsets,
                     size_t members, Allocator& allocator) {
  auto* all = allocator.allocate<ConvolutionScratch>(members);
  for (size_t member = 0; member < members; ++member) {
    float* bordered = allocator.allocate<float>(border.size());
    const ConvolutionScratch own{bordered, allocator.allocate<float>(panels),
                                 bias == 0 ? nullptr : allocator.allocate<float>(bias),
                                 allocator.allocate<ptrdiff_t>(offsets),
                                 allocator.allocate<float>(tileRows * tileColumns)};
    if (all == nullptr) continue;
    fillZeros(bordered, border.size());
    if (bias > 0) fillZeros(own.bias, bias);
    all[member] = own;
  }
  op.own = all;
}

void bindConvolution(Op& op, size_t members, Allocator& allocator) {
  switch (op.code) {
    case OpCode::conv2d: {
      const Conv2d view{op};
      const Convolution of = convolutionOf(view);
      if (of.isEmpty()) return;
      const size_t width = panelsWidth(of.filters);
      return allocateScratch(op, borderOf(of), of.patch() * width, view.hasBias() ? width : 0,
                             of.kernelHeight, members, allocator);
    }
    case OpCode::conv2dInputGrad: {
      const Convolution of = convolutionOf(Conv2dInputGrad{op});
      if (of.isEmpty()) return;
      const size_t kernel = of.kernelHeight * of.kernelWidth;
      return allocateScratch(op, backBorderOf(of), kernel * of.filters * panelsWidth(of.channels),
                             0, kernel, members, allocator);
    }
    case OpCode::conv2dWeightGrad: {
      const Convolution of = convolutionOf(Conv2dWeightGrad{op});
      if (of.isEmpty()) return;
      const size_t panels = of.filters % lanes == 0 ? 0 : of.outPixels() * tileColumns;
      return allocateScratch(op, borderOf(of), panels, 0, of.outHeight, members, allocator);
    }
    default:
      return;
  }
}

}  // namespace
}  // namespace bitgrad
