// Letters to a mail server, as connectors see it. Implemented by net/smtp_client.h; tests give a function of their own.
#pragma once

#include <functional>
#include <string>

namespace bayward {

struct Mail {
  std::string from;  // plain addresses (ports/normalise.h, is_email): what the envelope says
  std::string to;
  std::string text;  // RFC 5322, lines end with CRLF
};

struct MailAnswer {
  bool accepted = false;  // the server has taken responsibility for it (RFC 5321 4.2.5)
  // The server's last reply: 250, 451, 550; 0: there was none, or it was not about this letter but about us (the
  // connection, TLS, our password).
  int code = 0;
  std::string why;  // the reply's line, or what went wrong
};

// `answered` is called exactly once, from any thread, within the driver's time limit.
using MailAnswered = std::function<void(MailAnswer)>;
using MailOut = std::function<void(Mail mail, MailAnswered answered)>;

}  // namespace bayward
