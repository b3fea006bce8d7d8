// GB/T 28181 as a dialect of a supervised link (connectors/wire): we are a device of the police's platform, which
// registers with digest, keeps alive, tells alarms (clause 9.4) and answers what is asked of it. Live pictures are not
// given here: INVITE is answered with 488.
//
// What always holds: an alarm is acknowledged by the platform's Response of CmdType Alarm with Result OK; where the
// platform sends none (`response_wanted` false), by its 200. Hits of the watch list have no words here, they go by GA/T
// 1400.4 (viid_link.h).
#pragma once

#include <map>

#include "connectors/police/digest.h"
#include "connectors/police/sip_message.h"
#include "connectors/wire/dialect.h"

namespace bayward::police {

struct SipConfig {
  std::string device_id;    // 20 digits, ours
  std::string platform_id;  // 20 digits
  std::string domain;       // of the platform: 10 digits, or a name
  Credentials credentials;
  std::string contact =
      "127.0.0.1:5060";  // where we can be reached, as the platform sees us; answers come to where we send from
  bool tcp = false;
  bool response_wanted = true;
  Duration utc_offset{};
  Duration expires{3'600'000};
  // Texts that differ from run to run; tests give their own.
  std::string run = random_hex();
};

class SipDialect final : public wire::Dialect {
 public:
  explicit SipDialect(SipConfig config) : config_(std::move(config)), reader_(!config_.tcp) {}

  uint32_t first_serial() const override { return 1; }
  uint32_t last_serial() const override { return 1'000'000; }
  size_t window() const override { return 8; }
  bool ready() const override { return registered_; }
  void begin() override;
  std::optional<std::string> say(const wire::Saying& saying, uint32_t serial, Instant wall) override;
  std::vector<wire::Heard> hear(std::string_view bytes, Instant wall) override;
  size_t garbage_bytes() const override { return reader_.garbage_bytes(); }

 private:
  enum class What : uint8_t { registration, keepalive, alarm };
  // One request of ours until its final answer; said again it is the same, byte for byte (RFC 3261 17.1.2).
  struct Transaction {
    What what{};
    std::optional<uint32_t> serial;  // none: the link doesn't know of it
    std::string call_id;
    uint32_t cseq = 0;
    uint32_t number = 0;  // SN of the body
    bool accepted = false;
    bool proved = false;  // credentials were sent
    std::string bytes;
  };

  Transaction& begin_transaction(What what, std::optional<uint32_t> serial);
  SipMessage message(const Transaction& transaction, std::string_view method, const std::string& uri) const;
  std::string registration(Transaction& transaction, const std::optional<Challenge>& challenge);
  std::string notify(Transaction& transaction, const std::string& body) const;
  std::string alarm_body(const AlarmMessage& alarm, uint32_t number) const;
  std::string local_time(Instant at) const;
  void hear_response(const SipMessage& heard, Instant wall, std::vector<wire::Heard>& out);
  void hear_request(const SipMessage& heard, Instant wall, std::vector<wire::Heard>& out);
  void hear_body(const SipMessage& heard, Instant wall, std::vector<wire::Heard>& out);
  std::string answer_query(const std::string& command, const std::string& number, Instant wall);
  void registration_answered(Transaction& transaction, const SipMessage& heard, Instant wall,
                             std::vector<wire::Heard>& out);
  void forget(const std::string& call_id);

  const SipConfig config_;
  SipReader reader_;
  bool registered_ = false;
  Instant register_again_{};
  std::map<std::string, Transaction> open_;  // by Call-ID; bounded by the window, see forget()
  uint32_t last_number_ = 0;
};

}  // namespace bayward::police
