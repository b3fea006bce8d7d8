// Signing requests of stations: any bytes, and no crash. What is taken has a name and a key.
#include <cstdlib>

#include "stations/authority/csr.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto request = bayward::stations::parse_csr({reinterpret_cast<const char*>(data), size});
  if (request && (request->common_name.empty() || request->public_key_der.empty())) std::abort();
  return 0;
}
