// Normalisation of channels over a step; see `BatchNorm` in ops.ts. Members and vectors share the
// channels: a channel's sums are binary64, a row's pixels in order, then the rows.
#include "program.h"
#include "shards.h"

namespace bitgrad {
namespace {

// A step's numbers [rows, pixels, channels], of which one shard has `rows` rows.
struct ShardOfValues {
  size_t rows;
  size_t pixels;
  size_t channels;

  size_t count() const { return rows * pixels; }
};

template <size_t Count>
struct ChannelSums {
  double of[Count] = {};
};

// The sums of term(element, channel) over the channels from c on, Count of them.
template <size_t Count, typename Term>
BITGRAD_INLINE ChannelSums<Count> sumChannels(const ShardOfValues& shard, size_t c, const Term& term) {
  ChannelSums<Count> sums;
  size_t at = c;
  for (size_t row = 0; row < shard.rows; ++row) {
    ChannelSums<Count> ofRow;
    for (size_t pixel = 0; pixel < shard.pixels; ++pixel, at += shard.channels) {
      for (size_t i = 0; i < Count; ++i) ofRow.of[i] = ofRow.of[i] + term(at + i, i);
    }
    for (size_t i = 0; i < Count; ++i) sums.of[i] = sums.of[i] + ofRow.of[i];
  }
  return sums;
}

BITGRAD_INLINE float inverseDeviation(double variance, double epsilon) {
  return static_cast<float>(1.0 / __builtin_sqrt(variance + epsilon));
}

// Calls visit.channels<Count>(c) for the member's channels.
template <typename Visit>
BITGRAD_INLINE void forOwnChannels(size_t channels, const Place& place, const Visit& visit) {
  const Range own = shareOf(channels, lineFloats, place);
  size_t c = own.begin;
  for (; c + lineFloats <= own.end; c += lineFloats) visit.template channels<lineFloats>(c);
  for (; c + 4 <= own.end; c += 4) visit.template channels<4>(c);
  for (; c < own.end; ++c) visit.template channels<1>(c);
}

// Calls visit(shard's number, its first row, its rows) for the shards that have rows.
template <typename Visit>
BITGRAD_INLINE void forShards(size_t rows, size_t shards, const Visit& visit) {
  for (size_t shard = 0; shard < shards; ++shard) {
    const size_t first = firstRowOf(shard, rows, shards);
    const size_t end = firstRowOf(shard + 1, rows, shards);
    if (end > first) visit(shard, first, end - first);
  }
}

// output = ((x − mean) · q) · scale + shift for the channels from c on, of `pixels` pixels.
template <size_t Count>
BITGRAD_INLINE void normalize(const float* input, float* output, size_t pixels, size_t channels,
                              size_t c, const float* mean, const float* q, const float* scale,
                              const float* shift) {
  float means[Count];
  float inverses[Count];
  float scales[Count];
  float shifts[Count];
  for (size_t i = 0; i < Count; ++i) {
    means[i] = mean[i];
    inverses[i] = q[i];
    scales[i] = scale[c + i];
    shifts[i] = shift[c + i];
  }
  for (size_t pixel = 0, at = c; pixel < pixels; ++pixel, at += channels) {
    float values[Count];
    for (size_t i = 0; i < Count; ++i) {
      values[i] = ((input[at + i] - means[i]) * inverses[i]) * scales[i] + shifts[i];
    }
    for (size_t i = 0; i < Count; ++i) output[at + i] = values[i];
  }
}

struct Normalize {
  const BatchNorm& op;
  ShardOfValues shard;
  const float* input;
  float* output;
  float* mean;
  double* variance;

  template <size_t Count>
  BITGRAD_INLINE void channels(size_t c) const {
    const double count = static_cast<double>(shard.count());
    float means[Count];
    float inverses[Count];
    const auto sums = sumChannels<Count>(
        shard, c, [&](size_t at, size_t) __attribute__((always_inline)) {
          return static_cast<double>(input[at]);
        });
    for (size_t i = 0; i < Count; ++i) means[i] = static_cast<float>(sums.of[i] / count);
    const auto squares = sumChannels<Count>(
        shard, c, [&](size_t at, size_t i) __attribute__((always_inline)) {
          const double difference = static_cast<double>(input[at]) - static_cast<double>(means[i]);
          return difference * difference;
        });
    for (size_t i = 0; i < Count; ++i) {
      mean[c + i] = means[i];
      variance[c + i] = squares.of[i] / count;
      inverses[i] = inverseDeviation(variance[c + i], op.epsilon());
    }
    normalize<Count>(input, output, shard.count(), shard.channels, c, means, inverses, op.scale(),
                     op.shift());
  }
};

Status runOp(const BatchNorm& op, const Place& place) {
  const size_t size = size_t{op.pixels()} * op.channels();
  forShards(place.rows, op.shards(), [&](size_t shard, size_t first, size_t rows) {
    const size_t at = shard * op.channels();
    forOwnChannels(op.channels(), place,
                   Normalize{op,
                             {rows, op.pixels(), op.channels()},
                             op.input() + first * size,
                             op.output() + first * size,
                             op.mean() + at,
                             op.variance() + at});
  });
  return done;
}

struct NormalizeGrad {
  const BatchNormGrad& op;
  ShardOfValues shard;
  const float* input;
  const float* dOutput;
  float* dInput;  // or null
  const float* mean;
  const double* variance;
  float* dScale;
  float* dShift;

  template <size_t Count>
  BITGRAD_INLINE void channels(size_t c) const {
    const double count = static_cast<double>(shard.count());
    float means[Count];
    float inverses[Count];
    for (size_t i = 0; i < Count; ++i) {
      means[i] = mean[c + i];
      inverses[i] = inverseDeviation(variance[c + i], op.epsilon());
    }
    const auto normalized = [&](size_t at, size_t i) __attribute__((always_inline)) {
      return (input[at] - means[i]) * inverses[i];
    };
    ChannelSums<Count> d;
    ChannelSums<Count> e;
    size_t element = c;
    for (size_t row = 0; row < shard.rows; ++row) {
      ChannelSums<Count> dOfRow;
      ChannelSums<Count> eOfRow;
      for (size_t pixel = 0; pixel < shard.pixels; ++pixel, element += shard.channels) {
        for (size_t i = 0; i < Count; ++i) {
          const double dy = static_cast<double>(dOutput[element + i]);
          dOfRow.of[i] = dOfRow.of[i] + dy;
          eOfRow.of[i] = eOfRow.of[i] + dy * static_cast<double>(normalized(element + i, i));
        }
      }
      for (size_t i = 0; i < Count; ++i) {
        d.of[i] = d.of[i] + dOfRow.of[i];
        e.of[i] = e.of[i] + eOfRow.of[i];
      }
    }
    float factors[Count];
    float meanD[Count];
    float meanE[Count];
    for (size_t i = 0; i < Count; ++i) {
      dShift[c + i] = static_cast<float>(d.of[i]);
      dScale[c + i] = static_cast<float>(e.of[i]);
      factors[i] = op.scale()[c + i] * inverses[i];
      meanD[i] = static_cast<float>(d.of[i] / count);
      meanE[i] = static_cast<float>(e.of[i] / count);
    }
    if (dInput == nullptr) return;
    for (size_t pixel = 0, at = c; pixel < shard.count(); ++pixel, at += shard.channels) {
      float values[Count];
      for (size_t i = 0; i < Count; ++i) {
        values[i] = factors[i] * ((dOutput[at + i] - meanD[i]) - normalized(at + i, i) * meanE[i]);
      }
      for (size_t i = 0; i < Count; ++i) dInput[at + i] = values[i];
    }
  }
};

Status runOp(const BatchNormGrad& op, const Place& place) {
  const size_t channels = op.channels();
  const size_t size = op.pixels() * channels;
  const Range own = shareOf(channels, lineFloats, place);
  for (size_t shard = 0; shard < op.shards(); ++shard) {
    for (size_t c = own.begin; c < own.end; ++c) {
      op.dScale()[shard * channels + c] = 0.0f;
      op.dShift()[shard * channels + c] = 0.0f;
    }
  }
  forShards(place.rows, op.shards(), [&](size_t shard, size_t first, size_t rows) {
    const size_t at = shard * channels;
    forOwnChannels(channels, place,
                   NormalizeGrad{op,
                                 {rows, op.pixels(), channels},
                                 op.input() + first * size,
                                 op.dOutput() + first * size,
                                 op.hasDInput() ? op.dInput() + first * size : nullptr,
                                 op.mean() + at,
                                 op.variance() + at,
                                 op.dScale() + at,
                                 op.dShift() + at});
  });
  return done;
}

struct NormalizeUse {
  const BatchNormUse& op;
  Range rows;

  template <size_t Count>
  BITGRAD_INLINE void channels(size_t c) const {
    float inverses[Count];
    for (size_t i = 0; i < Count; ++i) {
      inverses[i] = inverseDeviation(static_cast<double>(op.variance()[c + i]), op.epsilon());
    }
    const size_t first = rows.begin * op.pixels() * op.channels();
    normalize<Count>(op.input() + first, op.output() + first, rows.size() * op.pixels(),
                     op.channels(), c, op.mean() + c, inverses, op.scale(), op.shift());
  }
};

// Here members share the rows.
Status runOp(const BatchNormUse& op, const Place& place) {
  Place all = place;
  all.members = 1;
  forOwnChannels(op.channels(), all, NormalizeUse{op, rowsOf(place)});
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
    forShards(place.rows, op.shards(), [&](size_t shard, size_t, size_t rows) {
      const size_t at = shard * channels + c;
      const double count = static_cast<double>(rows * op.pixels());
      means = means + static_cast<double>(op.mean()[at]);
      const double variance = op.variance()[at];
      variances = variances + (count == 1.0 ? variance : variance * count / (count - 1.0));
      filled += 1;
    });
    take(op.runningMean()[c], means / static_cast<double>(filled));
    take(op.runningVariance()[c], variances / static_cast<double>(filled));
  }
  return done;
}

}  // namespace
}  // namespace bitgrad
