// The LAN page and its API at the site's fixed address (E4): where can I charge, its pictures, the phone number by SMS
// code, the hold of ten minutes, and what a scanned QR code opens (B6). Works with the cloud gone. The garage's thread.
//
//   GET  /                      the page, Chinese and English; also what a QR code of ours opens: /q/<code>
//   POST /lan/v1/session        {} -> {session, place_secret}; the cookie goes with all that follows
//   GET  /lan/v1/places         idle bays, looked at now
//   GET  /lan/v1/pictures/<id>  JPEG; its EXIF place is shifted by the session's secret (picture_place.h)
//   POST /lan/v1/phone          {phone} -> 202, a code is on its way;  POST /lan/v1/phone/code {code} proves it
//   POST /lan/v1/holds          {bay} -> {hold, until}
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/ids.h"
#include "ports/http.h"
#include "site/access/sms_codes.h"
#include "site/access/sms_sender.h"
#include "site/lan/client_rate.h"
#include "site/lan/hold_desk.h"
#include "site/lan/lan_call.h"
#include "site/lan/look_desk.h"

namespace bayward::site {

struct LanOptions {
  SiteId site;
  std::string site_name;
  std::string site_key;   // makes and checks QR codes
  std::string cloud_url;  // where the page of another site's code sends people; or ""
};

class LanApi {
 public:
  // All outlive it; `more` are asked, in order, for what is not its own.
  LanApi(LanOptions options, LookDesk& looks, HoldDesk& holds, SmsSender& sms, std::vector<LanRoutes*> more);

  void handle(const HttpRequest& request, const Responder& responder, Instant now);

 private:
  void route(LanCall& call);
  void page(const LanCall& call);
  void scanned(const LanCall& call);
  void begin_session(LanCall& call);
  void places(const LanCall& call);
  void picture(const LanCall& call);
  void ask_phone(const LanCall& call);
  void prove_phone(const LanCall& call);
  void hold(const LanCall& call);

  const LanOptions options_;
  LookDesk& looks_;
  HoldDesk& holds_;
  SmsSender& sms_;
  const std::vector<LanRoutes*> more_;
  LanSessions sessions_;
  SmsCodes codes_;
  ClientRate rate_{40, 500ms};    // a page load is about ten
  ClientRate slow_rate_{12, 5s};  // what costs others something: sessions, codes, holds
};

}  // namespace bayward::site
