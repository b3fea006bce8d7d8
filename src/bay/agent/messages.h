// Messages of the bay's own, from generated structs to what the line takes. For the files of this folder.
#pragma once

#include <utility>

#include "base/check.h"
#include "bay/agent/line.h"
#include "ocpp/rpc/codec.h"

namespace bayward::bay {

template <ocpp::Request R>
Said said(const R& request, Said::Keep keep = Said::Keep::no) {
  auto payload = ocpp::encode(request);
  BAYWARD_CHECK(payload.ok());  // what we say fits the schema; texts from outside are cut before
  Said out;
  out.action = std::string(R::action_name);
  out.payload = std::move(*payload);
  out.keep = keep;
  return out;
}

// At most so many bytes, not in the middle of a character.
inline std::string cut(std::string text, size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  text.resize(bytes);
  return text;
}

}  // namespace bayward::bay
