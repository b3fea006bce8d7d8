#include "connectors/sms/kannel.h"

#include <algorithm>

#include "connectors/sms/receipt_desk.h"
#include "ports/http_util.h"

namespace bayward::sms {
namespace {

constexpr size_t why_chars = 80;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// In GSM 03.38 as in ASCII; anything else goes as UCS-2.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '`'; });
}

// The gateway's first line, for the log.
std::string first_line(std::string_view body) {
  std::string line(body.substr(0, std::min(why_chars, body.find_first_of("\r\n"))));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return line;
}

}  // namespace

bool is_phone(std::string_view text) {
  if (text.size() < 8 || text.size() > 16 || text.front() != '+') return false;
  return std::all_of(text.begin() + 1, text.end(), is_digit);
}

HttpRequest request_for(const Gateway& gateway, const AlarmMessage& message) {
  const std::string text = alarm_text(message);
  std::string target = gateway.path;
  char separator = '?';
  const auto add = [&](std::string_view name, std::string_view value) {
    target += separator;
    target += name;
    target += '=';
    target += percent_encode(value);
    separator = '&';
  };
  add("username", gateway.user);
  add("password", gateway.password);
  if (!gateway.sender.empty()) add("from", gateway.sender);
  add("to", message.address);
  add("charset", "UTF-8");
  add("coding", is_plain(text) ? "0" : "2");
  // 0 to 3; the gateway's queue lets danger overtake.
  add("priority", message.severity == core::Severity::danger ? "3" : "1");
  add("text", text);
  if (!gateway.receipts.empty()) {
    add("dlr-mask", "19");  // on the phone (1), given up (2), refused by the SMS centre (16)
    add("dlr-url", receipt_url(gateway.receipts, gateway.password, message.delivery));
  }
  HttpRequest request;
  request.method = HttpMethod::get;
  request.target = std::move(target);
  return request;
}

Answer read_answer(const Result<HttpResponse>& response, SendResult accepted) {
  if (!response) return {SendResult::failed, response.error().message};
  const std::string_view body = response->body;
  const std::string status = "answer " + std::to_string(response->status) + ": " + first_line(body);
  // "0: Accepted for delivery"; "3: Queued for later delivery" when its own link is down. Others use 3 for errors.
  const bool good = response->status >= 200 && response->status < 300;
  if (good && (body.starts_with("0: ") || body.starts_with("3: Queued"))) return {accepted, status};
  if (body.starts_with("Not routable.")) return {SendResult::impossible, status};
  return {SendResult::failed, status};
}

}  // namespace bayward::sms
