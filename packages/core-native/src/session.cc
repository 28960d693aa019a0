#include "session.h"

#include "float_environment.h"

namespace bitgrad {

Session::Session(const Kernels* kernels, size_t arenaBytes, size_t controlOffset)
    : kernels_(kernels),
      arena_(arenaBytes),
      controlOffset_(controlOffset),
      hasMemory_(arena_.data() != nullptr) {}

bool Session::addEntry(const uint32_t* words, size_t count) {
  const size_t bytes = kernels_->bind(words, count, arena_.data(), nullptr);
  if (bytes == 0) return false;
  auto plan = std::make_unique<Pages>(bytes);
  if (plan->data() == nullptr) {
    hasMemory_ = false;
    return true;
  }
  kernels_->bind(words, count, arena_.data(), plan->data());
  plans_.push_back(std::move(plan));
  return true;
}

uint32_t* Session::controlSlice() const {
  return reinterpret_cast<uint32_t*>(arena_.data() + controlOffset_);
}

Control Session::control() const {
  const uint32_t* control = controlSlice();
  return {control[0], control[1], control[2]};
}

Status Session::run(size_t entry, Control start, uint32_t steps) {
  const FloatEnvironment environment;
  return kernels_->run(plans_[entry]->data(), start, steps, controlSlice(), &cancel_);
}

}  // namespace bitgrad
