// An alarm as an e-mail: RFC 5322 with a UTF-8 subject (RFC 2047) and plain text (RFC 2045, base64). Whatever a site or
// a bay is called, it can't add a header, a recipient or a line of its own. Pure.
#pragma once

#include <string>
#include <string_view>

#include "ports/alarm_channel.h"
#include "ports/mail_code.h"
#include "ports/mail_out.h"

namespace bayward::email {

struct Sender {
  std::string address;  // plain
  std::string name;     // for people; may be anything
};

// `now` is the world's, for its Date.
Mail letter_for(const Sender& sender, const AlarmMessage& message, Instant now);
// The letter with the code that proves an address.
Mail letter_for(const Sender& sender, const CodeLetter& letter, Instant now);
// "=?UTF-8?B?...?=", folded so that no line is longer than RFC 2047 allows.
std::string encoded_words(std::string_view text);

}  // namespace bayward::email
