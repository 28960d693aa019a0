// A thread whose failure to start is a result: std::thread throws, which this addon is built
// without.
#pragma once

#ifdef _WIN32
#include <windows.h>
#else
#include <pthread.h>
#endif

namespace bitgrad {

class Thread {
 public:
  // Calls work(context) in a thread of its own. False if there can be none.
  bool start(void (*work)(void*), void* context) {
    work_ = work;
    context_ = context;
#ifdef _WIN32
    handle_ = CreateThread(nullptr, 0, entry, this, 0, nullptr);
    isRunning_ = handle_ != nullptr;
#else
    isRunning_ = pthread_create(&handle_, nullptr, entry, this) == 0;
#endif
    return isRunning_;
  }

  // Waits until the work is done.
  void join() {
    if (!isRunning_) return;
    isRunning_ = false;
#ifdef _WIN32
    WaitForSingleObject(handle_, INFINITE);
    CloseHandle(handle_);
#else
    pthread_join(handle_, nullptr);
#endif
  }

 private:
#ifdef _WIN32
  static DWORD WINAPI entry(void* thread) {
    static_cast<Thread*>(thread)->work_(static_cast<Thread*>(thread)->context_);
    return 0;
  }
  HANDLE handle_{};
#else
  static void* entry(void* thread) {
    static_cast<Thread*>(thread)->work_(static_cast<Thread*>(thread)->context_);
    return nullptr;
  }
  pthread_t handle_{};
#endif
  void (*work_)(void*) = nullptr;
  void* context_ = nullptr;
  bool isRunning_ = false;
};

}  // namespace bitgrad
