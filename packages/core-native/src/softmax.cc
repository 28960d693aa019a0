#include "elementary.h"
#include "program.h"

namespace bitgrad {
namespace {

// The lowest index at which `values` is greatest. The loops here select instead of branching: which
// logit is the largest cannot be foreseen.
size_t argmaxRow(const float* values, size_t width) {
  size_t best = 0;
  float largest = width == 0 ? 0.0f : values[0];
  for (size_t j = 1; j < width; ++j) {
    const bool isLarger = values[j] > largest;
    best = isLarger ? j : best;
    largest = isLarger ? values[j] : largest;
  }
  return best;
}

// values[argmaxRow(values)], of at least one value.
BITGRAD_INLINE float maximumRow(const float* values, size_t width) {
  float largest = values[0];
  for (size_t j = 1; j < width; ++j) largest = values[j] > largest ? values[j] : largest;
  return largest;
}

// How many rows take a step below before the next: their exponentials and logarithms become whole
// vectors, and no row waits for its own sum alone.
constexpr size_t rowsAtOnce = 32;

// What makes each row's logits z its probabilities.
struct Normalizers {
  float largest[rowsAtOnce];  // m
  float sums[rowsAtOnce];     // S, the sum of e in index order
};

// p_j = e_j ÷ S with e_j = exp(z_j − m), of at most `rowsAtOnce` rows.
void probabilitiesOf(const float* logits, size_t rows, size_t classes, float* out, Normalizers& of) {
  for (size_t row = 0; row < rows; ++row) {
    const float largest = maximumRow(logits + row * classes, classes);
    for (size_t i = row * classes; i < (row + 1) * classes; ++i) out[i] = logits[i] - largest;
    of.largest[row] = largest;
  }
  for (size_t i = 0; i < rows * classes; ++i) out[i] = bitgrad::exp(out[i]);
  for (size_t row = 0; row < rows; ++row) {
    float sum = 0.0f;
    for (size_t j = 0; j < classes; ++j) sum = sum + out[row * classes + j];
    of.sums[row] = sum;
  }
  for (size_t row = 0; row < rows; ++row, out += classes) {
    const float sum = of.sums[row];
    for (size_t j = 0; j < classes; ++j) out[j] = out[j] / sum;
  }
}

// Rows of probabilities, p_j = e_j ÷ S; all arrays are [rows, classes].
void softmax(const float* logits, size_t rows, size_t classes, float* probabilities) {
  if (classes == 0) return;
  Normalizers of;
  for (size_t row = 0; row < rows; row += rowsAtOnce) {
    const size_t first = row * classes;
    const size_t count = smaller(rowsAtOnce, rows - row);
    probabilitiesOf(logits + first, count, classes, probabilities + first, of);
  }
}

// Rows of dLogits = (p − t) ÷ divisor, and the losses [rows], log(S) − (z_target − m).
Status crossEntropy(const float* logits, const uint32_t* targets, size_t rows, size_t classes,
                    float divisor, float* dLogits, float* losses) {
  Normalizers of;
  size_t places[rowsAtOnce];
  float shifted[rowsAtOnce];
  bool isFinite = true;
  for (size_t first = 0; first < rows; first += rowsAtOnce) {
    const size_t count = smaller(rowsAtOnce, rows - first);
    for (size_t row = 0; row < count; ++row) {
      const uint32_t target = readOnce(targets + first + row);
      if (target >= classes) return badTarget;
      places[row] = row * classes + target;
    }
    const float* part = logits + first * classes;
    float* dPart = dLogits + first * classes;
    probabilitiesOf(part, count, classes, dPart, of);
    // Fetched in a loop of their own, or they would keep the logarithms from becoming vectors.
    for (size_t row = 0; row < count; ++row) shifted[row] = part[places[row]] - of.largest[row];
    for (size_t row = 0; row < count; ++row) {
      const float loss = bitgrad::log(of.sums[row]) - shifted[row];
      losses[first + row] = loss;
      isFinite &= __builtin_isfinite(loss) != 0;
    }
    for (size_t row = 0; row < count; ++row) dPart[places[row]] = dPart[places[row]] - 1.0f;
    // Dividing by 1 changes nothing, but what comes after a single sample would wait for it.
    if (divisor == 1.0f) continue;
    for (size_t i = 0; i < count * classes; ++i) dPart[i] = dPart[i] / divisor;
  }
  return isFinite ? done : nonFiniteLoss;
}

Status runOp(const SoftmaxCrossEntropy& op, const Place& place) {
  const size_t classes = op.classes();
  const Range rows = rowsOf(place);
  const size_t first = rows.begin * classes;
  return crossEntropy(op.logits() + first, op.targets() + rows.begin, rows.size(), classes,
                      static_cast<float>(place.whole), op.dLogits() + first,
                      op.losses() + place.position + rows.begin);
}

Status runOp(const Softmax& op, const Place& place) {
  const size_t classes = op.classes();
  const Range rows = rowsOf(place);
  softmax(op.logits() + rows.begin * classes, rows.size(), classes,
          op.probabilities() + (place.position + rows.begin) * classes);
  return done;
}

Status runOp(const Argmax& op, const Place& place) {
  const size_t classes = op.classes();
  const Range rows = rowsOf(place);
  for (size_t row = rows.begin; row < rows.end; ++row) {
    const size_t best = argmaxRow(op.logits() + row * classes, classes);
    op.predicted()[place.position + row] = static_cast<uint32_t>(best);
  }
  return done;
}

}  // namespace
}  // namespace bitgrad
