#include "pages.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <sys/mman.h>

#include <cstdint>
#endif

namespace bitgrad {

#ifdef _WIN32
Pages::Pages(size_t bytes, PagesFor) : bytes_(bytes), mappedBytes_(bytes + 1) {
  mapping_ = VirtualAlloc(nullptr, mappedBytes_, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  data_ = static_cast<unsigned char*>(mapping_);
}

Pages::~Pages() {
  if (mapping_ != nullptr) VirtualFree(mapping_, 0, MEM_RELEASE);
}
#else
Pages::Pages(size_t bytes, PagesFor use) : bytes_(bytes) {
  // Rows of a weight matrix on small pages miss the processor's address cache one after the other;
  // but a huge page is cleared whole when it is first touched, which small programs should not pay.
  // Scratch memory is laid out in the order of its use, so that huge pages gain it nothing.
  constexpr size_t hugePage = 2 << 20;
  const size_t alignment = use == PagesFor::scratch || bytes < 2 * hugePage ? 1 : hugePage;
  const size_t whole = (bytes + alignment - 1) / alignment * alignment;
  // An empty mapping is refused everywhere, so the least is one byte.
  mappedBytes_ = whole + alignment;
  void* mapping =
      mmap(nullptr, mappedBytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) return;
  mapping_ = mapping;
  const auto start = reinterpret_cast<uintptr_t>(mapping);
  data_ = reinterpret_cast<unsigned char*>((start + alignment - 1) / alignment * alignment);
#ifdef MADV_HUGEPAGE
  // A refusal does no harm. Some systems give huge pages to whoever does not object.
  if (alignment > 1) madvise(data_, whole, MADV_HUGEPAGE);
  if (use == PagesFor::scratch) madvise(data_, whole, MADV_NOHUGEPAGE);
#endif
}

Pages::~Pages() {
  if (mapping_ != nullptr) munmap(mapping_, mappedBytes_);
}
#endif

}  // namespace bitgrad
