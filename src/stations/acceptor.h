// Who may open a socket at /ocpp/{identity}: version by subprotocol, station by HTTP Basic (OCPP security profile 1,
// over TLS profile 2) or by a client certificate in its own name (profile 3).
//
// The highest profile a station has come with is on record, and it can't come back with a lower one (OCPP 2.0.1 part 2,
// A05; 1.6 security whitepaper A05.FR.06): only the staff takes it down again.
//
//   404  another path, an identity that can't be one, or (StationOptions::unknown refused) one nobody has registered
//   401  no or wrong credentials; the user name is the identity (OCPP 1.6 security whitepaper A00.FR.203)
//   403  a lower profile than the one on record, a certificate in another name, or a revoked one
//   429  too many wrong ones from that peer
//   503  the engine's inbox is full
//   101  otherwise. Without a common subprotocol the socket is closed at once (OCPP-J 1.6 3.2, 2.0.1 part 4 3.2).
//
// authorise() runs on the stations' thread, as the Csms does; both outlive the server.
#pragma once

#include "ports/websocket.h"
#include "stations/csms.h"
#include "stations/failed_logins.h"
#include "stations/flow.h"

namespace bayward::stations {

class StationAcceptor final : public WebSocketAcceptor {
 public:
  explicit StationAcceptor(Csms& csms);
  void authorise(HttpRequest request, WebSocketDecision decision) override;

 private:
  struct Login {
    std::string identity;
    std::string password;
    std::string peer;
    std::string subprotocol;
    const Protocol* protocol = nullptr;
    int profile = 1;
    std::shared_ptr<const PeerCertificate> certificate;
  };
  // What the vault says about a login.
  enum class Verdict : uint8_t { right, wrong, profile_too_low, revoked, vault_unavailable };
  static Verdict judge(Csms& csms, StationId station, const Login& login);
  // Static: what a conversation uses it takes by value.
  static Flow log_in(StationAcceptor* self, Login login, WebSocketDecision decision);
  void refuse_login(const Login& login, const WebSocketDecision& decision);
  void refuse(const Login& login, StationId station, Verdict why, const WebSocketDecision& decision);
  void note(const Login& login, StationId station, std::string type, std::string detail);

  Csms& csms_;
  FailedLogins failed_logins_;
};

}  // namespace bayward::stations
