// An addon for the tests: reads and sets the calling thread's floating-point settings, as some
// other addon in the process might.
#include <node_api.h>

#include <cstdint>

namespace {

#if defined(__x86_64__)
uint32_t get() { return __builtin_ia32_stmxcsr(); }
void set(uint32_t word) { __builtin_ia32_ldmxcsr(word); }
#elif defined(__aarch64__)
uint32_t get() {
  uint64_t word;
  asm volatile("mrs %0, fpcr" : "=r"(word));
  return static_cast<uint32_t>(word);
}
void set(uint32_t word) { asm volatile("msr fpcr, %0" : : "r"(static_cast<uint64_t>(word))); }
#else
uint32_t get() { return 0; }
void set(uint32_t) {}
#endif

napi_value getWord(napi_env env, napi_callback_info) {
  napi_value result = nullptr;
  napi_create_uint32(env, get(), &result);
  return result;
}

napi_value setWord(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value = nullptr;
  uint32_t word = 0;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  if (napi_get_value_uint32(env, value, &word) == napi_ok) set(word);
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value function = nullptr;
  napi_create_function(env, "get", NAPI_AUTO_LENGTH, getWord, nullptr, &function);
  napi_set_named_property(env, exports, "get", function);
  napi_create_function(env, "set", NAPI_AUTO_LENGTH, setWord, nullptr, &function);
  napi_set_named_property(env, exports, "set", function);
  return exports;
}
