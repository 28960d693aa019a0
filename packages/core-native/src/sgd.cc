#include "sgd.h"

namespace bitgrad {
namespace {

void sgd(float* __restrict parameter, const float* __restrict gradient, size_t length, float rate,
         float l2) {
  if (l2 == 0.0f) {
    for (size_t i = 0; i < length; ++i) parameter[i] = parameter[i] - rate * gradient[i];
  } else {
    for (size_t i = 0; i < length; ++i) {
      parameter[i] = parameter[i] - rate * (gradient[i] + l2 * parameter[i]);
    }
  }
}

}  // namespace
}  // namespace bitgrad
