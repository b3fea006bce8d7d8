// Codes of six digits that prove a phone number. Pure; one thread.
//
// A code belongs to one session and one number, lives 10 minutes, may be tried 5 times and works once. A number gets at
// most 3 codes in 15 minutes and 8 in a day, whoever asks; all numbers together 30 in a minute, so that nobody sends
// SMS at our cost. Guessing: 5 tries x 8 codes a day are 1 in 25'000.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace bayward::site {

enum class CodeRefusal : uint8_t {
  too_often,  // this number had its codes; wait
  busy,       // too many codes for everybody just now
  no_code,    // none was asked for, or it has expired or was used
  wrong,      // and there are tries left
  used_up,    // wrong for the last time: ask for a new one
};

constexpr std::string_view to_text(CodeRefusal refusal) {
  constexpr std::string_view words[] = {"too_often", "busy", "no_code", "wrong", "used_up"};
  return words[static_cast<size_t>(refusal)];
}

class SmsCodes {
 public:
  static constexpr Duration life{10min};
  static constexpr int tries = 5;

  // `code` is six random digits; it replaces an earlier one of the session.
  Result<Done, CodeRefusal> issue(std::string_view session, std::string_view phone, std::string code, Instant now);
  // Once: the number it proves.
  Result<std::string, CodeRefusal> redeem(std::string_view session, std::string_view code, Instant now);

 private:
  struct Pending {
    std::string phone;
    std::string code;
    Instant until{};
    int tries_left = tries;
  };
  void forget(Instant now);

  std::map<std::string, Pending, std::less<>> pending_;           // by session
  std::map<std::string, std::deque<Instant>, std::less<>> sent_;  // by number, of the last day
  std::deque<Instant> all_sent_;                                  // of the last minute
};

// Six decimal digits, each as likely.
std::string random_code();

}  // namespace bayward::site
