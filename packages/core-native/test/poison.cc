// An addon for the tests: `poison(buffer, from, length)` makes every access of instrumented code to
// a part of an ArrayBuffer an error that ends the process.
#include <node_api.h>
#include <sanitizer/asan_interface.h>

namespace {

napi_value poison(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value values[3] = {};
  void* data = nullptr;
  size_t bytes = 0;
  int64_t from = 0, length = 0;
  napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  if (napi_get_arraybuffer_info(env, values[0], &data, &bytes) != napi_ok ||
      napi_get_value_int64(env, values[1], &from) != napi_ok ||
      napi_get_value_int64(env, values[2], &length) != napi_ok || from < 0 || length < 0 ||
      static_cast<size_t>(from + length) > bytes) {
    napi_throw_error(env, nullptr, "poison: expected a part of an ArrayBuffer");
    return nullptr;
  }
  ASAN_POISON_MEMORY_REGION(static_cast<unsigned char*>(data) + from, length);
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value function = nullptr;
  napi_create_function(env, "poison", NAPI_AUTO_LENGTH, poison, nullptr, &function);
  napi_set_named_property(env, exports, "poison", function);
  return exports;
}
