#include "optimizers.h"

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

// An op's update of the parameters from `first` on, `length` of them.
void update(const Sgd& op, const Place& place, size_t first, const float* gradient, size_t length) {
  plainUpdate(op.parameter() + first, gradient, length, op.rates()[place.step], op.l2());
}

void update(const Momentum& op, const Place& place, size_t first, const float* gradient,
            size_t length) {
  momentumUpdate(op.parameter() + first, gradient, op.velocity() + first, length,
                 op.rates()[place.step], op.l2(), op.momentum(), op.nesterov());
}

void update(const Adam& op, const Place& place, size_t first, const float* gradient,
            size_t length) {
  const float* scalars = op.scalars() + 3 * place.step;
  adamUpdate(op.parameter() + first, gradient, op.firstMoment() + first, op.secondMoment() + first,
             length,
             {op.l2(), op.beta1(), op.beta2(), op.complement1(), op.complement2(), op.epsilon(),
              op.decayed()},
             {scalars[0], scalars[1], scalars[2]});
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
