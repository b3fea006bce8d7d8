// Sends one SMS: a gateway's business. Any thread.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace bayward::site {

class SmsSender {
 public:
  using Sent = std::function<void(Status)>;

  virtual ~SmsSender() = default;
  // `phone` is E.164. `sent` is called once, from any thread: the gateway has taken it, or why not.
  virtual void send(std::string phone, std::string text, Sent sent) = 0;
};

}  // namespace bayward::site
