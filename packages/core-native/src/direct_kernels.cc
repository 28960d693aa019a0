// By Node-API's own functions: node-addon-api would take longer than a small kernel does.
#include "direct_kernels.h"

#include "float_environment.h"

namespace bitgrad {
namespace {

// Reads a call's arguments. They have been checked in TypeScript; what is checked again here is
// what memory safety hangs on, as an array may claim a length that it does not have.
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info, size_t count) : env_(env) {
    size_t received = most;
    void* data = nullptr;
    napi_get_cb_info(env, info, &received, values_, nullptr, &data);
    direct_ = static_cast<DirectKernels*>(data);
    areValid_ = received >= count;
  }

  bool flag(size_t index) {
    bool value = false;
    expect(napi_get_value_bool(env_, values_[index], &value) == napi_ok);
    return value;
  }

  size_t size(size_t index) {
    uint32_t value = 0;
    expect(napi_get_value_uint32(env_, values_[index], &value) == napi_ok);
    return value;
  }

  float number(size_t index) {
    double value = 0;
    expect(napi_get_value_double(env_, values_[index], &value) == napi_ok);
    return static_cast<float>(value);
  }

  // An array of a matrix [rows, columns] whose rows lie `stride` apart.
  float* matrix(size_t index, size_t rows, size_t columns, size_t stride) {
    napi_typedarray_type type = napi_int8_array;
    size_t length = 0;
    void* data = nullptr;
    expect(napi_get_typedarray_info(env_, values_[index], &type, &length, &data, nullptr,
                                    nullptr) == napi_ok);
    const size_t needed = rows == 0 || columns == 0 ? 0 : (rows - 1) * stride + columns;
    // Rows over each other would let a small array be read for ever.
    expect(type == napi_float32_array && length >= needed && (needed == 0 || stride >= columns));
    return static_cast<float*>(data);
  }

  float* vector(size_t index, size_t length, size_t increment) {
    return matrix(index, length, 1, increment);
  }

  // False with a JavaScript exception pending if any argument was not what it should be.
  bool areValid() const {
    if (!areValid_) {
      napi_throw_type_error(env_, nullptr, "kernel: expected arguments that fit, received others");
    }
    return areValid_;
  }

  DirectKernels& direct() const { return *direct_; }
  const Kernels& kernels() const { return direct_->kernels(); }

  // Null with a JavaScript exception pending where there is no memory.
  unsigned char* scratch() const {
    unsigned char* data = direct_->scratch();
    if (data == nullptr) napi_throw_error(env_, nullptr, "kernel: no memory");
    return data;
  }

  napi_value result(float value) const {
    napi_value result = nullptr;
    napi_create_double(env_, value, &result);
    return result;
  }

 private:
  static constexpr size_t most = 13;

  void expect(bool isTrue) { areValid_ = areValid_ && isTrue; }

  // From before the first number is converted until after the last.
  const FloatEnvironment environment_;
  napi_env env_;
  napi_value values_[most] = {};
  DirectKernels* direct_;
  bool areValid_;
};

napi_value sgemm(napi_env env, napi_callback_info info) {
  Arguments args(env, info, 13);
  const bool transposeA = args.flag(0);
  const bool transposeB = args.flag(1);
  const size_t m = args.size(2);
  const size_t n = args.size(3);
  const size_t k = args.size(4);
  const size_t lda = args.size(7);
  const size_t ldb = args.size(9);
  const size_t ldc = args.size(12);
  const float alpha = args.number(5);
  const float beta = args.number(10);
  const float* a = args.matrix(6, transposeA ? k : m, transposeA ? m : k, lda);
  const float* b = args.matrix(8, transposeB ? n : k, transposeB ? k : n, ldb);
  float* c = args.matrix(11, m, n, ldc);
  if (args.scratch() == nullptr || !args.areValid()) return nullptr;
  args.direct().multiply({transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc});
  return nullptr;
}

napi_value sgemv(napi_env env, napi_callback_info info) {
  Arguments args(env, info, 11);
  const bool transpose = args.flag(0);
  const size_t m = args.size(1);
  const size_t n = args.size(2);
  const float alpha = args.number(3);
  const size_t lda = args.size(5);
  const size_t incx = args.size(7);
  const float beta = args.number(8);
  const size_t incy = args.size(10);
  const float* a = args.matrix(4, m, n, lda);
  const float* x = args.vector(6, transpose ? m : n, incx);
  float* y = args.vector(9, transpose ? n : m, incy);
  unsigned char* scratch = args.scratch();
  if (scratch == nullptr || !args.areValid()) return nullptr;
  args.kernels().sgemv(transpose, m, n, alpha, a, lda, x, incx, beta, y, incy, scratch);
  return nullptr;
}

napi_value sger(napi_env env, napi_callback_info info) {
  Arguments args(env, info, 9);
  const size_t m = args.size(0);
  const size_t n = args.size(1);
  const float alpha = args.number(2);
  const size_t incx = args.size(4);
  const size_t incy = args.size(6);
  const size_t lda = args.size(8);
  const float* x = args.vector(3, m, incx);
  const float* y = args.vector(5, n, incy);
  float* a = args.matrix(7, m, n, lda);
  if (!args.areValid()) return nullptr;
  args.kernels().sger(m, n, alpha, x, incx, y, incy, a, lda);
  return nullptr;
}

napi_value saxpy(napi_env env, napi_callback_info info) {
  Arguments args(env, info, 6);
  const size_t n = args.size(0);
  const float alpha = args.number(1);
  const size_t incx = args.size(3);
  const size_t incy = args.size(5);
  const float* x = args.vector(2, n, incx);
  float* y = args.vector(4, n, incy);
  if (!args.areValid()) return nullptr;
  args.kernels().saxpy(n, alpha, x, incx, y, incy);
  return nullptr;
}

napi_value sdot(napi_env env, napi_callback_info info) {
  Arguments args(env, info, 5);
  const size_t n = args.size(0);
  const size_t incx = args.size(2);
  const size_t incy = args.size(4);
  const float* x = args.vector(1, n, incx);
  const float* y = args.vector(3, n, incy);
  if (!args.areValid()) return nullptr;
  return args.result(args.kernels().sdot(n, x, incx, y, incy));
}

napi_value sscal(napi_env env, napi_callback_info info) {
  Arguments args(env, info, 4);
  const size_t n = args.size(0);
  const float alpha = args.number(1);
  const size_t incx = args.size(3);
  float* x = args.vector(2, n, incx);
  if (!args.areValid()) return nullptr;
  args.kernels().sscal(n, alpha, x, incx);
  return nullptr;
}

napi_value scopy(napi_env env, napi_callback_info info) {
  Arguments args(env, info, 5);
  const size_t n = args.size(0);
  const size_t incx = args.size(2);
  const size_t incy = args.size(4);
  const float* x = args.vector(1, n, incx);
  float* y = args.vector(3, n, incy);
  if (!args.areValid()) return nullptr;
  args.kernels().scopy(n, x, incx, y, incy);
  return nullptr;
}

napi_value snrm2(napi_env env, napi_callback_info info) {
  Arguments args(env, info, 3);
  const size_t n = args.size(0);
  const size_t incx = args.size(2);
  const float* x = args.vector(1, n, incx);
  if (!args.areValid()) return nullptr;
  return args.result(args.kernels().snrm2(n, x, incx));
}

}  // namespace

napi_value makeDirectKernels(napi_env env, DirectKernels* data) {
  const struct {
    const char* name;
    napi_callback function;
  } functions[] = {
      {"sgemm", sgemm}, {"sgemv", sgemv}, {"sger", sger},   {"saxpy", saxpy},
      {"sdot", sdot},   {"sscal", sscal}, {"scopy", scopy}, {"snrm2", snrm2},
  };
  napi_value object = nullptr;
  if (napi_create_object(env, &object) != napi_ok) return nullptr;
  for (const auto& [name, function] : functions) {
    napi_value value = nullptr;
    if (napi_create_function(env, name, NAPI_AUTO_LENGTH, function, data, &value) != napi_ok ||
        napi_set_named_property(env, object, name, value) != napi_ok) {
      return nullptr;
    }
  }
  return object;
}

}  // namespace bitgrad
