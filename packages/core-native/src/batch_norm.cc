// Normalisation of channels over a step; see `BatchNorm` in ops.ts. A channel's sums are binary64,
// a row's pixels in order, then the rows: members share the rows, meet, and add the rows' sums up,
// each all of them for itself.
#include "batch_norm.h"

#include "shards.h"
#include "wide.h"

namespace bitgrad {
namespace {

BITGRAD_INLINE float inverseDeviation(double variance, double epsilon) {
  return static_cast<float>(1.0 / __builtin_sqrt(variance + epsilon));
}

// Vectors of channels that are summed at a time: their sums stay in registers.
constexpr size_t sumVectorsOfRow = wideLanes >= 8 ? 4 : 8;
constexpr size_t sumVectorsOfGradients = 4;

// The rows of one shard, and which of them are the member's.
struct ShardRows {
  size_t shard;
  Range all;
  Range own;

  // Of all members one has it.
  bool hasFirst() const { return own.begin == all.begin; }
};

BITGRAD_INLINE size_t rowsOfShard(size_t shard, size_t rows, size_t shards) {
  return firstRowOf(shard + 1, rows, shards) - firstRowOf(shard, rows, shards);
}

// Calls visit(ShardRows) for the shards of which some rows are the member's.
template <typename Visit>
BITGRAD_INLINE void forOwnShards(const Place& place, size_t shards, const Visit& visit) {
  for (size_t shard = 0; shard < shards; ++shard) {
    const Range all{firstRowOf(shard, place.rows, shards),
                    firstRowOf(shard + 1, place.rows, shards)};
    const Range own{all.begin > place.own.begin ? all.begin : place.own.begin,
                    smaller(all.end, place.own.end)};
    if (own.begin < own.end) visit(ShardRows{shard, all, own});
  }
}

// Members come here from a meeting at which none had an error to tell (plan.ts).
void meetInside(const Place& place) {
  if (place.team != nullptr) place.team->meet(*place.team, 0);
}

// What a shard's rows come to: their sums, one after the other, [rows, channels].
BITGRAD_INLINE double totalOf(const double* sums, const Range& rows, size_t channels, size_t c) {
  double total = 0.0;
  for (size_t row = rows.begin; row < rows.end; ++row) total = total + sums[row * channels + c];
  return total;
}

// sums = Σ x over a row's pixels.
struct SumRow {
  const float* input;
  size_t pixels;
  size_t channels;
  double* sums;

  template <typename Lanes, size_t Count>
  BITGRAD_INLINE void lanes(size_t c) const {
    typename Lanes::Double sum[Count] = {};
    const float* at = input + c;
    for (size_t pixel = 0; pixel < pixels; ++pixel, at += channels) {
#pragma GCC unroll 4
      for (size_t i = 0; i < Count; ++i) {
        sum[i] = sum[i] + Lanes::widen(loadFloats<Lanes>(at + i * Lanes::size));
      }
    }
    for (size_t i = 0; i < Count; ++i) storeDoubles<Lanes>(sums + c + i * Lanes::size, sum[i]);
  }
};

// sums = Σ (x − mean)² over a row's pixels.
struct SumSquares {
  const float* input;
  size_t pixels;
  size_t channels;
  const float* mean;
  double* sums;

  template <typename Lanes, size_t Count>
  BITGRAD_INLINE void lanes(size_t c) const {
    typename Lanes::Double sum[Count] = {};
    typename Lanes::Double means[Count];
    for (size_t i = 0; i < Count; ++i) {
      means[i] = Lanes::widen(loadFloats<Lanes>(mean + c + i * Lanes::size));
    }
    const float* at = input + c;
    for (size_t pixel = 0; pixel < pixels; ++pixel, at += channels) {
#pragma GCC unroll 4
      for (size_t i = 0; i < Count; ++i) {
        const auto difference = Lanes::widen(loadFloats<Lanes>(at + i * Lanes::size)) - means[i];
        sum[i] = sum[i] + difference * difference;
      }
    }
    for (size_t i = 0; i < Count; ++i) storeDoubles<Lanes>(sums + c + i * Lanes::size, sum[i]);
  }
};

// output = ((x − mean) · q) · scale + shift, for a pixel's channels. Memory is what takes time: it
// is gone over once, in order.
struct Normalize {
  const float* input;
  float* output;
  const float* mean;
  const float* inverse;
  const float* scale;
  const float* shift;

  template <typename Lanes, size_t Count>
  BITGRAD_INLINE void lanes(size_t c) const {
#pragma GCC unroll 4
    for (size_t i = c; i < c + Count * Lanes::size; i += Lanes::size) {
      const auto difference = loadFloats<Lanes>(input + i) - loadFloats<Lanes>(mean + i);
      const auto normalized = difference * loadFloats<Lanes>(inverse + i);
      storeFloats<Lanes>(output + i, normalized * loadFloats<Lanes>(scale + i) +
                                         loadFloats<Lanes>(shift + i));
    }
  }
};

void normalize(const float* input, float* output, size_t pixels, size_t channels, const float* mean,
               const float* inverse, const float* scale, const float* shift) {
  for (size_t i = 0; i < pixels * channels; i += channels) {
    forLanes<FloatLanes, 2>(channels,
                            Normalize{input + i, output + i, mean, inverse, scale, shift});
  }
}

Status runOp(const BatchNorm& op, const Place& place) {
  const NormScratch& scratch = scratchOf(op.op);
  const NormMember& member = scratch.members[place.member];
  const size_t channels = op.channels();
  const size_t size = size_t{op.pixels()} * channels;
  const auto countOf = [&](const ShardRows& shard) {
    return static_cast<double>(shard.all.size() * op.pixels());
  };
  const auto findMeans = [&](const ShardRows& shard) {
    for (size_t c = 0; c < channels; ++c) {
      const double total = totalOf(scratch.first, shard.all, channels, c);
      member.mean[c] = static_cast<float>(total / countOf(shard));
    }
  };
  for (size_t row = place.own.begin; row < place.own.end; ++row) {
    forLanes<WideLanes, sumVectorsOfRow>(
        channels,
        SumRow{op.input() + row * size, op.pixels(), channels, scratch.first + row * channels});
  }
  meetInside(place);
  forOwnShards(place, op.shards(), [&](const ShardRows& shard) {
    findMeans(shard);
    for (size_t row = shard.own.begin; row < shard.own.end; ++row) {
      forLanes<WideLanes, sumVectorsOfRow>(
          channels, SumSquares{op.input() + row * size, op.pixels(), channels, member.mean,
                               scratch.second + row * channels});
    }
  });
  meetInside(place);
  forOwnShards(place, op.shards(), [&](const ShardRows& shard) {
    findMeans(shard);
    for (size_t c = 0; c < channels; ++c) {
      const double variance = totalOf(scratch.second, shard.all, channels, c) / countOf(shard);
      member.inverse[c] = inverseDeviation(variance, op.epsilon());
      if (!shard.hasFirst()) continue;
      op.mean()[shard.shard * channels + c] = member.mean[c];
      op.variance()[shard.shard * channels + c] = variance;
    }
    const size_t at = shard.own.begin * size;
    normalize(op.input() + at, op.output() + at, shard.own.size() * op.pixels(), channels,
              member.mean, member.inverse, op.scale(), op.shift());
  });
  return done;
}

// dSums = Σ dy and eSums = Σ dy · x̂ over a row's pixels.
struct SumGradients {
  const float* input;
  const float* dOutput;
  size_t pixels;
  size_t channels;
  const float* mean;
  const float* inverse;
  double* dSums;
  double* eSums;

  template <typename Lanes, size_t Count>
  BITGRAD_INLINE void lanes(size_t c) const {
    typename Lanes::Double d[Count] = {}, e[Count] = {};
    typename Lanes::Float means[Count], inverses[Count];
    for (size_t i = 0; i < Count; ++i) {
      means[i] = loadFloats<Lanes>(mean + c + i * Lanes::size);
      inverses[i] = loadFloats<Lanes>(inverse + c + i * Lanes::size);
    }
    for (size_t pixel = 0, at = c; pixel < pixels; ++pixel, at += channels) {
#pragma GCC unroll 4
      for (size_t i = 0; i < Count; ++i) {
        const auto x = loadFloats<Lanes>(input + at + i * Lanes::size);
        const auto dy = Lanes::widen(loadFloats<Lanes>(dOutput + at + i * Lanes::size));
        d[i] = d[i] + dy;
        e[i] = e[i] + dy * Lanes::widen((x - means[i]) * inverses[i]);
      }
    }
    for (size_t i = 0; i < Count; ++i) {
      storeDoubles<Lanes>(dSums + c + i * Lanes::size, d[i]);
      storeDoubles<Lanes>(eSums + c + i * Lanes::size, e[i]);
    }
  }
};

// dInput = (scale · q) · ((dy − D ÷ N) − x̂ · (E ÷ N)), for a pixel's channels.
struct NormalizeGradient {
  const float* input;
  const float* dOutput;
  float* dInput;
  const float* mean;
  const NormMember& member;

  template <typename Lanes, size_t Count>
  BITGRAD_INLINE void lanes(size_t c) const {
#pragma GCC unroll 4
    for (size_t i = c; i < c + Count * Lanes::size; i += Lanes::size) {
      const auto difference = loadFloats<Lanes>(input + i) - loadFloats<Lanes>(mean + i);
      const auto normalized = difference * loadFloats<Lanes>(member.inverse + i);
      const auto dy = loadFloats<Lanes>(dOutput + i) - loadFloats<Lanes>(member.meanD + i);
      storeFloats<Lanes>(dInput + i, loadFloats<Lanes>(member.factor + i) *
                                         (dy - normalized * loadFloats<Lanes>(member.meanE + i)));
    }
  }
};

Status runOp(const BatchNormGrad& op, const Place& place) {
  const NormScratch& scratch = scratchOf(op.op);
  const NormMember& member = scratch.members[place.member];
  const size_t channels = op.channels();
  const size_t size = size_t{op.pixels()} * channels;
  const auto findInverses = [&](size_t shard) {
    for (size_t c = 0; c < channels; ++c) {
      member.inverse[c] = inverseDeviation(op.variance()[shard * channels + c], op.epsilon());
    }
  };
  forOwnShards(place, op.shards(), [&](const ShardRows& shard) {
    findInverses(shard.shard);
    for (size_t row = shard.own.begin; row < shard.own.end; ++row) {
      forLanes<WideLanes, sumVectorsOfGradients>(
          channels, SumGradients{op.input() + row * size, op.dOutput() + row * size, op.pixels(),
                                 channels, op.mean() + shard.shard * channels, member.inverse,
                                 scratch.first + row * channels, scratch.second + row * channels});
    }
  });
  meetInside(place);
  if (place.member == 0) {
    for (size_t shard = 0; shard < op.shards(); ++shard) {
      if (rowsOfShard(shard, place.rows, op.shards()) > 0) continue;
      __builtin_memset(op.dScale() + shard * channels, 0, channels * sizeof(float));
      __builtin_memset(op.dShift() + shard * channels, 0, channels * sizeof(float));
    }
  }
  forOwnShards(place, op.shards(), [&](const ShardRows& shard) {
    const double count = static_cast<double>(shard.all.size() * op.pixels());
    for (size_t c = 0; c < channels; ++c) {
      const double d = totalOf(scratch.first, shard.all, channels, c);
      const double e = totalOf(scratch.second, shard.all, channels, c);
      member.meanD[c] = static_cast<float>(d / count);
      member.meanE[c] = static_cast<float>(e / count);
      if (!shard.hasFirst()) continue;
      op.dShift()[shard.shard * channels + c] = static_cast<float>(d);
      op.dScale()[shard.shard * channels + c] = static_cast<float>(e);
    }
    if (!op.hasDInput()) return;
    findInverses(shard.shard);
    for (size_t c = 0; c < channels; ++c) member.factor[c] = op.scale()[c] * member.inverse[c];
    for (size_t i = shard.own.begin * size; i < shard.own.end * size; i += channels) {
      forLanes<FloatLanes, 2>(
          channels, NormalizeGradient{op.input() + i, op.dOutput() + i, op.dInput() + i,
                                      op.mean() + shard.shard * channels, member});
    }
  });
  return done;
}

Status runOp(const BatchNormUse& op, const Place& place) {
  const Range rows = rowsOf(place);
  const NormMember& member = scratchOf(op.op).members[place.member];
  for (size_t c = 0; c < op.channels(); ++c) {
    member.inverse[c] = inverseDeviation(static_cast<double>(op.variance()[c]), op.epsilon());
  }
  const size_t at = rows.begin * op.pixels() * op.channels();
  normalize(op.input() + at, op.output() + at, rows.size() * op.pixels(), op.channels(), op.mean(),
            member.inverse, op.scale(), op.shift());
  return done;
}

Status runOp(const RunningStatistics& op, const Place& place) {
  const size_t channels = op.channels();
  const Range own = shareOf(channels, lineFloats, place);
  const auto take = [&](float& running, double value) {
    running = running * op.momentum() + static_cast<float>(value) * op.complement();
  };
  for (size_t c = own.begin; c < own.end; ++c) {
    double means = 0.0;
    double variances = 0.0;
    size_t filled = 0;
    for (size_t shard = 0; shard < op.shards(); ++shard) {
      const size_t rows = rowsOfShard(shard, place.rows, op.shards());
      if (rows == 0) continue;
      const size_t at = shard * channels + c;
      const double count = static_cast<double>(rows * op.pixels());
      means = means + static_cast<double>(op.mean()[at]);
      const double variance = op.variance()[at];
      variances = variances + (count == 1.0 ? variance : variance * count / (count - 1.0));
      filled += 1;
    }
    take(op.runningMean()[c], means / static_cast<double>(filled));
    take(op.runningVariance()[c], variances / static_cast<double>(filled));
  }
  return done;
}

void bindBatchNorm(Op& op, size_t batchSize, size_t members, Allocator& allocator) {
  size_t channels = 0;
  size_t rows = batchSize;
  switch (op.code) {
    case OpCode::batchNorm:
      channels = BatchNorm{op}.channels();
      break;
    case OpCode::batchNormGrad:
      channels = BatchNormGrad{op}.channels();
      break;
    case OpCode::batchNormUse:
      channels = BatchNormUse{op}.channels();
      rows = 0;
      break;
    default:
      return;
  }
  auto* scratch = allocator.allocate<NormScratch>(1);
  const NormScratch own{allocator.allocate<double>(rows * channels),
                        allocator.allocate<double>(rows * channels),
                        allocator.allocate<NormMember>(members)};
  for (size_t i = 0; i < members; ++i) {
    const auto perChannel = [&] { return allocator.allocate<float>(channels); };
    const NormMember member{perChannel(), perChannel(), perChannel(), perChannel(), perChannel()};
    if (scratch != nullptr) own.members[i] = member;
  }
  if (scratch != nullptr) *scratch = own;
  op.own = scratch;
}

}  // namespace
}  // namespace bitgrad
