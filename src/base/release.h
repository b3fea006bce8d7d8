// std::unique_ptr for what a C library gives and takes back: std::unique_ptr<BIO, Release<BIO_free>>.
#pragma once

namespace bayward {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* held) const {
    release(held);
  }
};

}  // namespace bayward
