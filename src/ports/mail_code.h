// Sends the code by which somebody proves that an e-mail address is the own one. Driver: apps/server, over the mail
// server of the alarms; tests give a function of their own.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace bayward {

struct CodeLetter {
  std::string to;
  std::string code;
  bool chinese = false;
};

// From any thread, without waiting. `sent` is called once, from any thread: whether the mail server has taken it.
using MailCode = std::function<void(CodeLetter letter, std::function<void(bool sent, std::string_view why)> done)>;

}  // namespace bayward
