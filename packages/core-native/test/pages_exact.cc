// For the tests: stands where pages.cc stands in the addon. Memory that ends where it says, between
// zones in which an address sanitizer finds every access.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "pages.h"

namespace bitgrad {

// What needs no more alignment than a page has gets no more.
constexpr size_t kPage = 4096;

Pages::Pages(size_t bytes, PagesFor) : bytes_(bytes), mappedBytes_(bytes) {
  if (posix_memalign(&mapping_, kPage, bytes == 0 ? 1 : bytes) != 0) {
    mapping_ = nullptr;
    return;
  }
  std::memset(mapping_, 0, bytes);
  data_ = static_cast<unsigned char*>(mapping_);
}

Pages::~Pages() { std::free(mapping_); }

}  // namespace bitgrad
