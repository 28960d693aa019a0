// The addon as JavaScript sees it. `src/addon.ts` has its types; arguments are checked in
// TypeScript.
//
// No state is global: Node may load the addon into several workers at once.
#include <napi.h>

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

class SamplesObject : public Napi::ObjectWrap<SamplesObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Samples", {InstanceMethod<&SamplesObject::buffer>("buffer")});
  }

  // new Samples(bytes)
  explicit SamplesObject(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<SamplesObject>(info),
        samples_(std::make_shared<Samples>(
            static_cast<size_t>(info[0].As<Napi::Number>().Int64Value()))) {}

  const std::shared_ptr<Samples>& samples() const { return samples_; }

 private:
  // The memory, or undefined where there was none.
  Napi::Value buffer(const Napi::CallbackInfo& info) {
    if (samples_->pages->data() == nullptr) return info.Env().Undefined();
    return bufferOver(info.Env(), samples_->pages);
  }

  std::shared_ptr<Samples> samples_;
};

class SessionObject : public Napi::ObjectWrap<SessionObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Session",
                       {
                           InstanceMethod<&SessionObject::buffer>("buffer"),
                           InstanceMethod<&SessionObject::freezeSamples>("freezeSamples"),
                           InstanceMethod<&SessionObject::run>("run"),
                           InstanceMethod<&SessionObject::runAsync>("runAsync"),
                           InstanceMethod<&SessionObject::cancel>("cancel"),
                           InstanceMethod<&SessionObject::close>("close"),
                       });
  }

  // new Session(isa, bytes, samples, controlOffset, entries, threads, isFixed)
  explicit SessionObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SessionObject>(info) {
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
      const auto words = entries.Get(i).As<Napi::Uint32Array>();
      if (!session->addEntry(words.Data(), words.ElementLength())) {
        fail(info.Env(), "session: the addon does not know all ops of this program");
        return;
      }
    }
    if (session->hasMemory()) session_ = std::move(session);
  }

 private:
  static void fail(Napi::Env env, const char* message) {
    Napi::Error::New(env, message).ThrowAsJavaScriptException();
  }

  // False with an exception pending unless a run can begin.
  bool isReady(const Napi::CallbackInfo& info) {
    const bool isOpen = session_ != nullptr && !*isBusy_;
    if (!isOpen) fail(info.Env(), "session: closed or busy");
    return isOpen;
  }

  // The arena, or undefined where there was no memory for it.
  Napi::Value buffer(const Napi::CallbackInfo& info) {
    if (session_ == nullptr) return info.Env().Undefined();
    return bufferOver(info.Env(), session_->arena());
  }

  void freezeSamples(const Napi::CallbackInfo& info) {
    if (isReady(info)) session_->freezeSamples();
  }

  // run(entry, steps): the status
  Napi::Value run(const Napi::CallbackInfo& info) {
    if (!isReady(info)) return {};
    session_->clearCancel();
    const uint32_t entry = info[0].As<Napi::Number>();
    const Status status =
        session_->run(entry, session_->control(), info[1].As<Napi::Number>().Uint32Value());
    return Napi::Number::New(info.Env(), status);
  }

  // runAsync(entry, steps): a promise of the status
  Napi::Value runAsync(const Napi::CallbackInfo& info) {
    if (!isReady(info)) return {};
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
                         });
  }

 private:
  // kernels(isa, threads): the direct kernels
  Napi::Value kernels(const Napi::CallbackInfo& info) {
    const std::string name = info[0].As<Napi::String>();
    const Kernels* table = findKernels(name);
    if (table == nullptr) {
      Napi::Error::New(info.Env(), "kernels: unknown instruction set").ThrowAsJavaScriptException();
      return {};
    }
    const size_t threads = info[1].As<Napi::Number>().Uint32Value();
    for (const auto& kept : directKernels_) {
      if (kept->isFor(table, threads)) return wrap(info.Env(), kept.get());
    }
    directKernels_.push_back(std::make_unique<DirectKernels>(table, threads));
    return wrap(info.Env(), directKernels_.back().get());
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
