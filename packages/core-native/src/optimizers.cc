#include "optimizers.h"

#include "subnormal.h"

namespace bitgrad {
namespace {

// The loops below select what never changes within them, so they become vectors all the same.
[[gnu::noinline]] void plainUpdate(float* __restrict parameter, const float* __restrict gradient, size_t length,
                 float rate, float l2) {
  for (size_t i = 0; i < length; ++i) {
    parameter[i] = descended(parameter[i], gradient[i], rate, l2);
  }
}

[[gnu::noinline]] void momentumUpdate(float* __restrict parameter, const float* __restrict gradient,
                    float* __restrict velocity, size_t length, float rate, float l2, float momentum,
                    bool isNesterov) {
  for (size_t i = 0; i < length; ++i) {
    const float slope = slopeOf(gradient[i], parameter[i], l2);
    const float v = momentum * velocity[i] + slope;
    velocity[i] = v;
    const float direction = isNesterov ? slope + momentum * v : v;
    parameter[i] = parameter[i] - rate * direction;
  }
}

// The same for a block with subnormal velocities. In loops of one product each, which compilers make
// vectors of.
[[gnu::noinline]] void momentumUpdateOfTiny(float* __restrict parameter, const float* __restrict gradient,
                    float* __restrict velocity, size_t length, float rate, float l2, float momentum,
                    bool isNesterov) {
  float slope[tinyBlock] = {};
  float product[tinyBlock];
  for (size_t i = 0; i < length; ++i) slope[i] = slopeOf(gradient[i], parameter[i], l2);
  multiplyTiny(momentum, velocity, length, product);
  for (size_t i = 0; i < length; ++i) velocity[i] = product[i] + slope[i];
  if (isNesterov) {
    multiplyTiny(momentum, velocity, length, product);
    for (size_t i = 0; i < length; ++i) slope[i] = slope[i] + product[i];
  }
  multiplyTiny(rate, isNesterov ? slope : velocity, length, product);
  for (size_t i = 0; i < length; ++i) parameter[i] = parameter[i] - product[i];
}

struct AdamConstants {
  float l2;
  float beta1;
  float beta2;
  float complement1;
  float complement2;
  float epsilon;
  bool isDecayed;
};

// What changes from step to step.
struct AdamScalars {
  float rate;
  float correction;
  float decay;
};

[[gnu::noinline]] void adamUpdate(float* __restrict parameter, const float* __restrict gradient,
                float* __restrict firstMoment, float* __restrict secondMoment, size_t length,
                const AdamConstants constants, const AdamScalars scalars) {
  for (size_t i = 0; i < length; ++i) {
    const float slope = slopeOf(gradient[i], parameter[i], constants.l2);
    const float weight = constants.isDecayed ? parameter[i] * scalars.decay : parameter[i];
    const float m = constants.beta1 * firstMoment[i] + constants.complement1 * slope;
    const float v = constants.beta2 * secondMoment[i] + constants.complement2 * (slope * slope);
    firstMoment[i] = m;
    secondMoment[i] = v;
    const float deviation = __builtin_sqrtf(v) / scalars.correction + constants.epsilon;
    parameter[i] = weight - scalars.rate * (m / deviation);
  }
}

// The same for a block with subnormal first moments.
[[gnu::noinline]] void adamUpdateOfTiny(float* __restrict parameter, const float* __restrict gradient,
                float* __restrict firstMoment, float* __restrict secondMoment, size_t length,
                const AdamConstants constants, const AdamScalars scalars) {
  float deviation[tinyBlock];
  float product[tinyBlock];
  multiplyTiny(constants.beta1, firstMoment, length, product);
  for (size_t i = 0; i < length; ++i) {
    const float slope = slopeOf(gradient[i], parameter[i], constants.l2);
    firstMoment[i] = product[i] + constants.complement1 * slope;
    const float v = constants.beta2 * secondMoment[i] + constants.complement2 * (slope * slope);
    secondMoment[i] = v;
    deviation[i] = __builtin_sqrtf(v) / scalars.correction + constants.epsilon;
  }
  divideTiny(firstMoment, deviation, length, product);
  multiplyTiny(scalars.rate, product, length, deviation);
  for (size_t i = 0; i < length; ++i) {
    const float weight = constants.isDecayed ? parameter[i] * scalars.decay : parameter[i];
    parameter[i] = weight - deviation[i];
  }
}

// An op's update of the parameters from `first` on, `length` of them.
void update(const Sgd& op, const Place& place, size_t first, const float* gradient, size_t length) {
  plainUpdate(op.parameter() + first, gradient, length, op.rates()[place.step], op.l2());
}

void update(const Momentum& op, const Place& place, size_t first, const float* gradient,
            size_t length) {
  float* velocity = op.velocity() + first;
  inBlocks(velocity, length, [&](bool areTiny, size_t at, size_t size) {
    const auto function = areTiny ? momentumUpdateOfTiny : momentumUpdate;
    function(op.parameter() + first + at, gradient + at, velocity + at, size,
             op.rates()[place.step], op.l2(), op.momentum(), op.nesterov());
  });
}

void update(const Adam& op, const Place& place, size_t first, const float* gradient,
            size_t length) {
  const float* scalars = op.scalars() + 3 * place.step;
  float* firstMoment = op.firstMoment() + first;
  inBlocks(firstMoment, length, [&](bool areTiny, size_t at, size_t size) {
    const auto function = areTiny ? adamUpdateOfTiny : adamUpdate;
    function(op.parameter() + first + at, gradient + at, firstMoment + at,
             op.secondMoment() + first + at, size,
             {op.l2(), op.beta1(), op.beta2(), op.complement1(), op.complement2(), op.epsilon(),
              op.decayed()},
             {scalars[0], scalars[1], scalars[2]});
  });
}

void update(const Op& op, const Place& place, size_t first, const float* gradient, size_t length) {
  switch (op.code) {
    case OpCode::momentum:
      return update(Momentum{op}, place, first, gradient, length);
    case OpCode::adam:
      return update(Adam{op}, place, first, gradient, length);
    default:
      return update(Sgd{op}, place, first, gradient, length);
  }
}

// The same for the member's share of all parameters, by the gradient in the op's slice.
template <typename Rule>
Status runUpdate(const Rule& op, const Place& place) {
  const Range own = shareOf(op.length(), lineFloats, place);
  update(op, place, own.begin, op.gradient() + own.begin, own.size());
  return done;
}

Status runOp(const Sgd& op, const Place& place) { return runUpdate(op, place); }
Status runOp(const Momentum& op, const Place& place) { return runUpdate(op, place); }
Status runOp(const Adam& op, const Place& place) { return runUpdate(op, place); }

}  // namespace
}  // namespace bitgrad
