// Our verdict on OCPP payloads, for ocpp_types.test.mjs. Each line in: version, a blank, message name, a blank,
// payload. Each line out: "ok " and the payload as our struct writes it, or "refused " and why.
#include <iostream>
#include <string>

#include "ocpp/testing/messages.h"

using namespace bayward::ocpp;

namespace {

std::string verdict(const std::string& line) {
  const size_t first = line.find(' ');
  const size_t second = first == std::string::npos ? first : line.find(' ', first + 1);
  if (second == std::string::npos) return "refused: no such line";
  const std::string version = line.substr(0, first);
  const auto messages = version == "v16" ? messages_v16() : version == "v201" ? messages_v201() : messages_v21();
  const MessageCase* message = find_message(messages, line.substr(first + 1, second - first - 1));
  if (message == nullptr) return "refused: no such message";
  const auto payload = parse_json(std::string_view(line).substr(second + 1));
  if (!payload) return "refused: " + payload.error().message;
  const auto out = message->recode(*payload);
  return out ? "ok " + *out : "refused: " + out.error().text();
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) std::cout << verdict(line) << '\n';
  return 0;
}
