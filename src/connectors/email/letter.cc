#include "connectors/email/letter.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/zone.h"
#include "ports/http_util.h"

namespace bayward::email {
namespace {

constexpr size_t word_bytes = 45;  // 60 of base64 and 12 around them: below the 75 of RFC 2047 2
constexpr size_t line_chars = 76;  // RFC 2045 6.8
constexpr std::string_view line_end = "\r\n";

bool begins_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
}

// RFC 5322 3.3: "Sat, 21 Nov 2026 19:42:40 +0000".
std::string date_text(Instant at) {
  static constexpr std::array<const char*, 7> days = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const int64_t seconds = unix_s(at);
  const auto day = static_cast<int32_t>(seconds / 86'400);
  const int64_t second = seconds % 86'400;
  const std::string date = to_text(from_days(day));  // 2026-11-21
  const auto month = static_cast<size_t>((date[5] - '0') * 10 + date[6] - '0' - 1);
  std::array<char, 48> out{};
  std::snprintf(out.data(), out.size(), "%s, %s %s %s %02d:%02d:%02d +0000", days[static_cast<size_t>(day % 7)],
                date.substr(8).c_str(), months[month], date.substr(0, 4).c_str(), static_cast<int>(second / 3600),
                static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
  return out.data();
}

std::string folded_base64(std::string_view text) {
  const std::string whole = base64_encode(text);
  std::string out;
  for (size_t at = 0; at < whole.size(); at += line_chars) out.append(whole, at, line_chars).append(line_end);
  return out;
}

struct Words {
  const char* english;
  const char* chinese;
};
constexpr Words place_word = {"Place: ", "位置："};
constexpr Words device_word = {"Device: ", "设备："};
constexpr Words number_word = {"Incident: ", "事件编号："};
constexpr Words footer = {
    "This letter is written by a machine; answers are not read. Alarms are shown in the app, too.",
    "本邮件由系统自动发送，请勿回复。应用中也会显示警报。"};

std::string body_of(const AlarmMessage& message) {
  const auto word = [&](const Words& words) { return std::string(message.chinese ? words.chinese : words.english); };
  const AlarmPlace& place = message.place;
  std::array<char, 64> point{};
  std::snprintf(point.data(), point.size(), "%.6f, %.6f", place.point.latitude_e6 / 1e6,
                place.point.longitude_e6 / 1e6);
  std::string out = alarm_text(message) + "\r\n\r\n";
  out += word(place_word) + place.site_name;
  for (const std::string* part : {&place.level, &place.bay_label}) out += part->empty() ? "" : " / " + *part;
  out += std::string(" (") + point.data() + ")\r\n";
  if (!place.device.empty()) out += word(device_word) + place.device + "\r\n";
  out += word(number_word) + to_text(message.incident) + "\r\n\r\n" + word(footer) + "\r\n";
  return out;
}

}  // namespace

std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    size_t size = std::min(text.size(), word_bytes);
    while (size < text.size() && size > 1 && !begins_character(text[size])) --size;  // a word holds whole characters
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64_encode(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

namespace {

struct Letter {
  std::string to;
  std::string subject;
  std::string message_id;  // before the @
  bool urgent = false;
  std::string body;
};

Mail written(const Sender& sender, const Letter& letter, Instant now) {
  const std::string domain = sender.address.substr(sender.address.find('@') + 1);
  std::string text;
  const auto header = [&](std::string_view name, const std::string& value) {
    text.append(name).append(": ").append(value).append(line_end);
  };
  header("Date", date_text(now));
  header("From", (sender.name.empty() ? "" : encoded_words(sender.name) + " ") + "<" + sender.address + ">");
  header("To", "<" + letter.to + ">");
  header("Subject", encoded_words(letter.subject));
  header("Message-ID", "<" + letter.message_id + "@" + domain + ">");
  // RFC 3834: no holiday notes in answer to a machine.
  header("Auto-Submitted", "auto-generated");
  if (letter.urgent) header("X-Priority", "1");
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "base64");
  text += line_end;
  text += folded_base64(letter.body);
  return {sender.address, letter.to, std::move(text)};
}

}  // namespace

Mail letter_for(const Sender& sender, const AlarmMessage& message, Instant now) {
  return written(sender,
                 {message.address, alarm_text(message), to_text(message.delivery) + "." + std::to_string(message.tries),
                  message.severity == core::Severity::danger, body_of(message)},
                 now);
}

Mail letter_for(const Sender& sender, const CodeLetter& letter, Instant now) {
  const std::string subject = letter.chinese ? "验证码：" + letter.code : "Your code: " + letter.code;
  const std::string body =
      letter.chinese
          ? "您的验证码是" + letter.code +
                "，30分钟内有效。\r\n\r\n在应用的“我的”页面输入后，警报将发送到此邮箱。如非本人操作，请忽略本邮件。\r\n"
          : "Your code is " + letter.code +
                ", good for 30 minutes.\r\n\r\nEnter it in the app under \"Me\", and alarms will go to this address. "
                "If you "
                "did not ask for it, ignore this letter.\r\n";
  return written(sender, {letter.to, subject, "code." + std::to_string(unix_ms(now)), false, body}, now);
}

}  // namespace bayward::email
