#include "ocpp/rpc/codec.h"

#include "ocpp/rpc/text.h"

namespace bayward::ocpp {

Result<std::string, Violation> encode_valid(const Schema& schema, const Json& payload) {
  if (auto violation = validate(schema, payload)) return Failure{*std::move(violation)};
  std::string text = to_text(payload);
  // Parsed texts are UTF-8 already; ours come from wherever.
  if (!is_utf8(text)) return Failure{Violation{Violation::Kind::property_constraint, "", "not UTF-8"}};
  return text;
}

}  // namespace bayward::ocpp
