// Memory straight from the operating system: zeros, aligned to pages, and costing nothing until
// touched.
#pragma once

#include <cstddef>

namespace bitgrad {

// Data is used from end to end. Scratch memory has room for the largest product, and small programs
// touch little of it.
enum class PagesFor { data, scratch };

class Pages {
 public:
  Pages(size_t bytes, PagesFor use);
  // Of somebody else, who keeps and frees them.
  Pages(unsigned char* data, size_t bytes) : bytes_(bytes), data_(data) {}
  ~Pages();
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  // Null where the operating system refused.
  unsigned char* data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  size_t bytes_;
  unsigned char* data_ = nullptr;
  void* mapping_ = nullptr;
  size_t mappedBytes_ = 0;
};

}  // namespace bitgrad
