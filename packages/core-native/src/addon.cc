// The addon as JavaScript sees it. `src/addon.ts` has its types; what arguments mean is checked in
// TypeScript, and here once more that they are of their kind. What an entry's words say is trusted.
//
// No state is global, as Node may load the addon into several workers at once, but which tiles products
// take, from which no result differs.
#include <napi.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "direct_kernels.h"
#include "isa.h"
#include "session.h"
#include "thread.h"

namespace bitgrad {
namespace {

// A run off the event loop, from start to the promise's settling. The thread-safe function's
// finalizer frees it.
struct AsyncRun {
  std::shared_ptr<Session> session;
  std::shared_ptr<bool> isBusy;
  size_t entry;
  Control start;
  uint32_t steps;
  Status status;
  Thread thread;
  napi_deferred promise;
  napi_threadsafe_function settle;
};

void runSteps(void* context) {
  auto* run = static_cast<AsyncRun*>(context);
  run->status = run->session->run(run->entry, run->start, run->steps);
  napi_call_threadsafe_function(run->settle, nullptr, napi_tsfn_blocking);
  napi_release_threadsafe_function(run->settle, napi_tsfn_release);
}

// Node is leaving while the run is under way: the thread must not outlive the addon's code.
void stopRun(void* context) {
  auto* run = static_cast<AsyncRun*>(context);
  run->session->cancel();
  run->thread.join();
}

// Back on the event loop.
void settleRun(napi_env env, napi_value, void* context, void*) {
  if (env == nullptr) return;
  auto* run = static_cast<AsyncRun*>(context);
  run->thread.join();
  napi_remove_env_cleanup_hook(env, stopRun, run);
  *run->isBusy = false;
  // The run itself is freed some time later; closing the session must not wait for that.
  run->session.reset();
  napi_value status = nullptr;
  napi_create_uint32(env, run->status, &status);
  napi_resolve_deferred(env, run->promise, status);
}

void freeRun(napi_env, void* run, void*) { delete static_cast<AsyncRun*>(run); }

// An ArrayBuffer over memory, which lasts as long as it.
Napi::Value bufferOver(Napi::Env env, const std::shared_ptr<const Pages>& pages) {
  return Napi::ArrayBuffer::New(
      env, pages->data(), pages->bytes(),
      [](Napi::Env, void*, std::shared_ptr<const Pages>* kept) { delete kept; },
      new std::shared_ptr<const Pages>(pages));
}

void fail(Napi::Env env, const char* message) {
  Napi::Error::New(env, message).ThrowAsJavaScriptException();
}

// What the addon can count to.
constexpr double mostThreads = 255;
// What numbers of JavaScript's count to.
constexpr double mostBytes = 9007199254740991;

bool isThreads(const Napi::Value& value) {
  if (!value.IsNumber()) return false;
  const double threads = value.As<Napi::Number>().DoubleValue();
  return threads >= 1 && threads <= mostThreads;
}

bool isWords(const Napi::Value& value) {
  return value.IsTypedArray() &&
         value.As<Napi::TypedArray>().TypedArrayType() == napi_uint32_array;
}

class SamplesObject : public Napi::ObjectWrap<SamplesObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Samples", {InstanceMethod<&SamplesObject::buffer>("buffer")});
  }

  // new Samples(bytes), or new Samples(buffer)
  explicit SamplesObject(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<SamplesObject>(info), samples_(make(info[0])) {
    napi_type_tag_object(info.Env(), info.This(), &tag);
  }

  // Whether it is one of these, and no other object.
  static bool isOne(const Napi::Value& value) {
    bool isTagged = false;
    return value.IsObject() &&
           napi_check_object_type_tag(value.Env(), value, &tag, &isTagged) == napi_ok && isTagged;
  }

  const std::shared_ptr<Samples>& samples() const { return samples_; }

 private:
  static std::shared_ptr<Samples> make(const Napi::Value& place) {
    if (!place.IsArrayBuffer()) {
      return std::make_shared<Samples>(static_cast<size_t>(place.As<Napi::Number>().Int64Value()));
    }
    // Runs in other threads may outlive every object of JavaScript's: it is never let go of.
    auto buffer = place.As<Napi::ArrayBuffer>();
    Napi::Persistent(buffer).SuppressDestruct();
    return std::make_shared<Samples>(static_cast<unsigned char*>(buffer.Data()), buffer.ByteLength());
  }

  // The memory, or undefined where there was none.
  Napi::Value buffer(const Napi::CallbackInfo& info) {
    if (samples_->pages->data() == nullptr) return info.Env().Undefined();
    return bufferOver(info.Env(), samples_->pages);
  }

  static constexpr napi_type_tag tag = {0x6269746772616421, 0x73616d706c657321};

  std::shared_ptr<Samples> samples_;
};

class SessionObject : public Napi::ObjectWrap<SessionObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Session",
                       {
                           InstanceMethod<&SessionObject::buffer>("buffer"),
                           InstanceMethod<&SessionObject::freezeSome>("freezeSome"),
                           InstanceMethod<&SessionObject::run>("run"),
                           InstanceMethod<&SessionObject::runAsync>("runAsync"),
                           InstanceMethod<&SessionObject::cancel>("cancel"),
                           InstanceMethod<&SessionObject::close>("close"),
                       });
  }

  // new Session(isa, bytes, samples, controlOffset, entries, threads, isFixed)
  explicit SessionObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SessionObject>(info) {
    if (!areArguments(info)) {
      fail(info.Env(), "session: expected arguments that fit, received others");
      return;
    }
    const Kernels* kernels = findKernels(info[0].As<Napi::String>());
    if (kernels == nullptr) {
      fail(info.Env(), "session: unknown instruction set");
      return;
    }
    auto session = std::make_shared<Session>(
        kernels, static_cast<size_t>(info[1].As<Napi::Number>().Int64Value()),
        SamplesObject::Unwrap(info[2].As<Napi::Object>())->samples(),
        static_cast<size_t>(info[3].As<Napi::Number>().Int64Value()),
        static_cast<size_t>(info[5].As<Napi::Number>().Uint32Value()),
        info[6].As<Napi::Boolean>().Value());
    const auto entries = info[4].As<Napi::Array>();
    for (uint32_t i = 0; i < entries.Length() && session->hasMemory(); ++i) {
      const Napi::Value entry = entries.Get(i);
      if (!isWords(entry)) {
        fail(info.Env(), "session: expected entries in words, received others");
        return;
      }
      const auto words = entry.As<Napi::Uint32Array>();
      if (!session->addEntry(words.Data(), words.ElementLength())) {
        fail(info.Env(), "session: the addon does not know all ops of this program");
        return;
      }
    }
    if (session->hasMemory()) session_ = std::move(session);
  }

 private:
  static bool areArguments(const Napi::CallbackInfo& info) {
    if (!info[0].IsString() || !info[1].IsNumber() || !SamplesObject::isOne(info[2]) ||
        !info[3].IsNumber() || !info[4].IsArray() || !isThreads(info[5]) || !info[6].IsBoolean()) {
      return false;
    }
    const double bytes = info[1].As<Napi::Number>().DoubleValue();
    const double control = info[3].As<Napi::Number>().DoubleValue();
    return control >= 0 && std::fmod(control, sizeof(uint32_t)) == 0 &&
           control + sizeof(Control) <= bytes;
  }

  // False with an exception pending unless a run can begin.
  bool isReady(const Napi::CallbackInfo& info) {
    const bool isOpen = session_ != nullptr && !*isBusy_;
    if (!isOpen) fail(info.Env(), "session: closed or busy");
    return isOpen;
  }

  // The same for a run of an entry, given by its place, and steps.
  bool isReadyToRun(const Napi::CallbackInfo& info) {
    if (!isReady(info)) return false;
    const bool areNumbers = info[0].IsNumber() && info[1].IsNumber();
    if (areNumbers && info[0].As<Napi::Number>().Uint32Value() < session_->entryCount()) return true;
    fail(info.Env(), "session: expected an entry and steps, received others");
    return false;
  }

  // The arena, or undefined where there was no memory for it.
  Napi::Value buffer(const Napi::CallbackInfo& info) {
    if (session_ == nullptr) return info.Env().Undefined();
    return bufferOver(info.Env(), session_->arena());
  }

  // freezeSome(bytes): whether that was all
  Napi::Value freezeSome(const Napi::CallbackInfo& info) {
    if (!isReady(info)) return {};
    if (!info[0].IsNumber()) {
      fail(info.Env(), "session: expected a number of bytes, received others");
      return {};
    }
    const double bytes = info[0].As<Napi::Number>().DoubleValue();
    // What is no size is the least.
    const size_t some = bytes >= 1 ? static_cast<size_t>(bytes < mostBytes ? bytes : mostBytes) : 1;
    return Napi::Boolean::New(info.Env(), session_->freezeSome(some));
  }

  // run(entry, steps): the status
  Napi::Value run(const Napi::CallbackInfo& info) {
    if (!isReadyToRun(info)) return {};
    session_->clearCancel();
    const uint32_t entry = info[0].As<Napi::Number>();
    const Status status =
        session_->run(entry, session_->control(), info[1].As<Napi::Number>().Uint32Value());
    return Napi::Number::New(info.Env(), status);
  }

  // runAsync(entry, steps): a promise of the status
  Napi::Value runAsync(const Napi::CallbackInfo& info) {
    if (!isReadyToRun(info)) return {};
    const Napi::Env env = info.Env();
    session_->clearCancel();
    auto* run = new AsyncRun{.session = session_,
                             .isBusy = isBusy_,
                             .entry = info[0].As<Napi::Number>().Uint32Value(),
                             .start = session_->control(),
                             .steps = info[1].As<Napi::Number>(),
                             .status = done,
                             .thread = {},
                             .promise = nullptr,
                             .settle = nullptr};
    napi_value promise = nullptr;
    napi_create_promise(env, &run->promise, &promise);
    napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, "bitgrad"), 0, 1,
                                    run, freeRun, run, settleRun, &run->settle);
    // Hooks run last in, first out: this one before the thread-safe function's own.
    napi_add_env_cleanup_hook(env, stopRun, run);
    *isBusy_ = true;
    if (!run->thread.start(runSteps, run)) {
      *isBusy_ = false;
      run->session.reset();
      napi_remove_env_cleanup_hook(env, stopRun, run);
      napi_reject_deferred(env, run->promise, Napi::Error::New(env, "no thread left").Value());
      napi_release_threadsafe_function(run->settle, napi_tsfn_abort);
    }
    return Napi::Value(env, promise);
  }

  void cancel(const Napi::CallbackInfo&) {
    if (session_ != nullptr) session_->cancel();
  }

  void close(const Napi::CallbackInfo& info) {
    if (isReady(info)) session_.reset();
  }

  std::shared_ptr<Session> session_;
  std::shared_ptr<bool> isBusy_ = std::make_shared<bool>(false);
};

class Addon : public Napi::Addon<Addon> {
 public:
  Addon(Napi::Env env, Napi::Object exports) {
    const auto isas = Napi::Array::New(env);
    for (const Isa& isa : availableIsas()) isas.Set(isas.Length(), isa.name);
    DefineAddon(exports, {
                             InstanceValue("isas", isas, napi_enumerable),
                             InstanceValue("Samples", SamplesObject::define(env)),
                             InstanceValue("Session", SessionObject::define(env)),
                             InstanceMethod("kernels", &Addon::kernels),
                             InstanceMethod("tiles", &Addon::tiles),
                             InstanceMethod("useTile", &Addon::useTile),
                         });
  }

 private:
  // kernels(isa, threads): the direct kernels
  Napi::Value kernels(const Napi::CallbackInfo& info) {
    if (!info[0].IsString() || !isThreads(info[1])) {
      fail(info.Env(), "kernels: expected a name and threads, received others");
      return {};
    }
    const Kernels* table = tableOf(info);
    if (table == nullptr) return {};
    const size_t threads = info[1].As<Napi::Number>().Uint32Value();
    for (const auto& kept : directKernels_) {
      if (kept->isFor(table, threads)) return wrap(info.Env(), kept.get());
    }
    directKernels_.push_back(std::make_unique<DirectKernels>(table, threads));
    return wrap(info.Env(), directKernels_.back().get());
  }

  // tiles(isa): the names of their shapes, the usual one first
  Napi::Value tiles(const Napi::CallbackInfo& info) {
    const Kernels* table = tableOf(info);
    if (table == nullptr) return {};
    const auto names = Napi::Array::New(info.Env());
    for (uint32_t i = 0; table->tileName(i) != nullptr; ++i) names.Set(i, table->tileName(i));
    return names;
  }

  // useTile(isa, index)
  void useTile(const Napi::CallbackInfo& info) {
    const Kernels* table = tableOf(info);
    if (table == nullptr) return;
    if (!info[1].IsNumber() || table->tileName(info[1].As<Napi::Number>().Uint32Value()) == nullptr) {
      fail(info.Env(), "kernels: unknown tile");
      return;
    }
    table->useTile(info[1].As<Napi::Number>().Uint32Value());
  }

  // The kernels of the instruction set that a call names first; null with an exception pending.
  static const Kernels* tableOf(const Napi::CallbackInfo& info) {
    const Kernels* table =
        info[0].IsString() ? findKernels(info[0].As<Napi::String>().Utf8Value()) : nullptr;
    if (table == nullptr) fail(info.Env(), "kernels: unknown instruction set");
    return table;
  }

  static Napi::Value wrap(Napi::Env env, DirectKernels* kernels) {
    return Napi::Value(env, makeDirectKernels(env, kernels));
  }

  // Kept until the environment ends, as functions may live that long.
  std::vector<std::unique_ptr<DirectKernels>> directKernels_;
};

}  // namespace

NODE_API_ADDON(Addon)

}  // namespace bitgrad
