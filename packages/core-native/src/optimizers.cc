#include "optimizers.h"

namespace bitgrad {
namespace {

// The loops below select what never changes within them, so they become vectors all the same.
void plainUpdate(float* __restrict parameter, const float* __restrict gradient, size_t length,
                 float rate, float l2) {
  for (size_t i = 0; i < length; ++i) {
    parameter[i] = descended(parameter[i], gradient[i], rate, l2);
  }
}

void momentumUpdate(float* __restrict parameter, const float* __restrict gradient,
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

void adamUpdate(float* __restrict parameter, const float* __restrict gradient,
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

void update(const BoundOp& op, const Place& place, size_t first, const float* gradient,
            size_t length) {
  float* parameter = op.f32(0) + first;
  switch (op.code) {
    case OpCode::momentum:
      return momentumUpdate(parameter, gradient, op.f32(2) + first, length, op.f32(3)[place.step],
                            op.number(1), op.number(2), op.numbers[3] != 0);
    case OpCode::adam: {
      const float* scalars = op.f32(4) + 3 * place.step;
      return adamUpdate(parameter, gradient, op.f32(2) + first, op.f32(3) + first, length,
                        {op.number(1), op.number(2), op.number(3), op.number(4), op.number(5),
                         op.number(6), op.numbers[7] != 0},
                        {scalars[0], scalars[1], scalars[2]});
    }
    default:
      return plainUpdate(parameter, gradient, length, op.f32(2)[place.step], op.number(1));
  }
}

Status runUpdate(const BoundOp& op, const Place& place) {
  const Range own = shareOf(op.numbers[0], lineFloats, place);
  update(op, place, own.begin, op.f32(1) + own.begin, own.size());
  return done;
}

}  // namespace
}  // namespace bitgrad
