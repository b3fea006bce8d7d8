#include "mesh/wire.h"

#include "base/utf8.h"

namespace bayward::mesh {

std::string ByteReader::text(size_t longest) {
  const size_t size = u8();
  const ByteView read = size <= longest ? bytes(size) : ByteView{};
  std::string out(read.begin(), read.end());
  if (size > longest || !is_utf8(out)) {
    ok_ = false;
    return {};
  }
  return out;
}

}  // namespace bayward::mesh
