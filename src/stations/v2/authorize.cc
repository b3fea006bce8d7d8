#include "stations/csms.h"
#include "stations/token.h"
#include "stations/v2/actions.h"

namespace bayward::stations::v2 {
namespace {

using types::AuthorizationStatusEnumType;

AuthorizationStatusEnumType status_of(Standing standing) {
  switch (standing) {
    case Standing::accepted:
      return AuthorizationStatusEnumType::accepted;
    case Standing::unknown:
      return AuthorizationStatusEnumType::unknown;
    case Standing::blocked:
      return AuthorizationStatusEnumType::blocked;
    case Standing::elsewhere:
      return AuthorizationStatusEnumType::not_at_this_location;
    case Standing::concurrent:
      return AuthorizationStatusEnumType::concurrent_tx;
    case Standing::not_now:
      return AuthorizationStatusEnumType::not_at_this_time;
    case Standing::no_credit:
      return AuthorizationStatusEnumType::no_credit;
    case Standing::busy:
      return AuthorizationStatusEnumType::invalid;
  }
  return AuthorizationStatusEnumType::invalid;
}

Flow take_token(SessionPtr session, ocpp::CallSerial serial, Presented token) {
  const Turn turn = co_await session->turns().take();
  const Permit permit = co_await permitted(session, token, std::nullopt);
  if (permit.standing == Standing::busy) co_return refuse_busy(*session, serial);
  types::AuthorizeResponse response;
  response.id_token_info = id_token_info(permit);
  session->answer(serial, response);
}

}  // namespace

types::IdTokenInfoType id_token_info(const Permit& permit) {
  types::IdTokenInfoType info;
  info.status = status_of(permit.standing);
  if (permit.account && permit.standing == Standing::accepted) {
    auto& group = info.group_id_token.emplace();
    group.id_token = group_token(permit.account);
    group.type = central_token;
  }
  return info;
}

Presented presented(StationSession& session, const types::IdTokenType& token) {
  if (token.type == no_token) return {};
  return present(session.csms().vault(), token.id_token);
}

// OCPP 2.0.1 C01. Contract certificates (C07) are not checked here: ISO 15118 is not offered.
void authorize(StationSession& session, ocpp::CallSerial serial, const types::AuthorizeRequest& request) {
  take_token(session.shared_from_this(), serial, presented(session, request.id_token));
}

}  // namespace bayward::stations::v2
