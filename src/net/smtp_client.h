// Letters to one mail server by SMTP (RFC 5321), with STARTTLS (RFC 3207) or TLS from the start, and AUTH (RFC 4954).
// libcurl speaks the protocol, on a thread of this client's own; connections are kept while they are used.
//
// send() from any thread. At most limits::mails_waiting letters wait; each has its own time limit.
#pragma once

#include <memory>
#include <string>

#include "base/time.h"
#include "ports/mail_out.h"

namespace bayward::net {

enum class MailSecurity : uint8_t {
  none,      // for a server on this machine
  starttls,  // in the clear, then TLS or nothing: never a letter in the clear
  tls,       // from the first byte (RFC 8314)
};

struct SmtpConfig {
  std::string host;
  uint16_t port = 587;
  MailSecurity security = MailSecurity::starttls;
  std::string user;  // empty: no AUTH
  std::string password;
  std::string trusted_certificates_file;  // PEM; empty: those of the machine
  Duration time_limit{20s};               // of one letter, from its turn to the server's answer
};

class SmtpClient {
 public:
  explicit SmtpClient(SmtpConfig config);
  // Letters that have not been answered are answered with a failure.
  ~SmtpClient();
  SmtpClient(const SmtpClient&) = delete;
  SmtpClient& operator=(const SmtpClient&) = delete;

  void send(Mail mail, MailAnswered answered);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bayward::net
