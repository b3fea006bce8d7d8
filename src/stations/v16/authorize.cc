#include "stations/csms.h"
#include "stations/token.h"
#include "stations/v16/actions.h"

namespace bayward::stations::v16 {
namespace {

Flow take_token(SessionPtr session, ocpp::CallSerial serial, Presented presented) {
  const Turn turn = co_await session->turns().take();
  const Permit permit = co_await permitted(session, presented, std::nullopt);
  if (permit.standing == Standing::busy) co_return refuse_busy(*session, serial);
  session->answer(serial, types::AuthorizeResponse{.id_tag_info = id_tag_info(permit)});
}

types::AuthorizationStatus status_of(Standing standing) {
  switch (standing) {
    case Standing::accepted:
      return types::AuthorizationStatus::accepted;
    case Standing::blocked:
    case Standing::no_credit:
      return types::AuthorizationStatus::blocked;
    case Standing::concurrent:
      return types::AuthorizationStatus::concurrent_tx;
    case Standing::unknown:
    case Standing::elsewhere:
    case Standing::not_now:
    case Standing::busy:
      return types::AuthorizationStatus::invalid;
  }
  return types::AuthorizationStatus::invalid;
}

}  // namespace

types::IdTagInfo id_tag_info(const Permit& permit) {
  types::IdTagInfo info;
  info.status = status_of(permit.standing);
  if (permit.account && permit.standing == Standing::accepted) info.parent_id_tag = group_token(permit.account);
  return info;
}

// OCPP 1.6 4.1.
void authorize(StationSession& session, ocpp::CallSerial serial, const types::AuthorizeRequest& request) {
  take_token(session.shared_from_this(), serial, present(session.csms().vault(), request.id_tag));
}

}  // namespace bayward::stations::v16
