#include "sim/town/far_ends.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <system_error>

#include "base/json_text.h"
#include "sim/town/api_client.h"

namespace bayward::town {
namespace {

constexpr Duration listen_patience{30s};
constexpr Duration stop_patience{5s};

struct Program {
  FarEnd end;
  const char* file;
};
constexpr std::array<Program, 4> programs_of = {{{FarEnd::fire_centre, "fire_centre.mjs"},
                                                 {FarEnd::police_platform, "viid_platform.mjs"},
                                                 {FarEnd::police_alarms, "sip_platform.mjs"},
                                                 {FarEnd::sms_centre, "sms_centre.mjs"}}};

Status write(const std::string& file, const std::string& content) {
  std::ofstream out(file);
  out << content;
  out.close();
  return out ? Status{Done{}} : fail("cannot write " + file);
}

// The lines of a table of TOML, whose strings are written as those of JSON.
class Table {
 public:
  explicit Table(const std::string& name) : out_("[" + name + "]\n") {}
  Table& add(const char* key, std::string_view value) {
    out_ += std::string(key) + " = ";
    append_json_string(out_, value);
    out_ += '\n';
    return *this;
  }
  Table& add_list(const char* key, const std::string& only) {
    out_ += std::string(key) + " = [";
    append_json_string(out_, only);
    out_ += "]\n";
    return *this;
  }
  const std::string& text() const { return out_; }

 private:
  std::string out_;
};

std::string address_of(const Json& hello) {
  return "127.0.0.1:" + std::to_string(integer_of(hello, "listening"));
}

}  // namespace

std::string_view far_end_name(FarEnd end) {
  static constexpr std::array<std::string_view, 4> words = {"fire centre", "police platform", "police alarm desk",
                                                            "SMS centre"};
  return words[static_cast<size_t>(end)];
}

FarEnds::~FarEnds() {
  *alive_ = false;
  stop();
}

Status FarEnds::start(const std::string& programs, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail("cannot make " + folder + ": " + error.message());
  for (const auto& [end, file] : programs_of) {
    if (const Status started = start_one(end, programs + "/" + file, folder); !started) {
      if (end != FarEnd::sms_centre) return fail(std::string(far_end_name(end)) + ": " + started.error().message);
      std::fprintf(stderr, "bayward-sim: no SMS centre, messages to phones go nowhere: %s\n",
                   started.error().message.c_str());
    }
  }
  return write_config(folder);
}

Status FarEnds::start_one(FarEnd end, const std::string& program, const std::string& folder) {
  const auto hello = std::make_shared<std::string>();
  const auto guard = std::make_shared<std::mutex>();
  auto started =
      ServerProcess::start(program, {}, folder + "/" + std::filesystem::path(program).stem().string() + ".log",
                           [this, end, hello, guard](const std::string& line) {
                             {
                               const std::lock_guard lock(*guard);
                               if (hello->empty()) *hello = line;
                             }
                             hear(end, line);
                           });
  if (!started) return Failure{started.error()};
  const auto listening = (*started)->wait_until_listening(listen_patience);
  if (!listening) return fail(listening.error().message);
  const std::lock_guard lock(*guard);
  const auto json = ocpp::parse_json(*hello);
  if (!json) return fail("its first line is no JSON: " + hello->substr(0, 100));
  hellos_[end] = *json;
  processes_[end] = *std::move(started);
  return Done{};
}

Status FarEnds::write_config(const std::string& folder) {
  std::string secrets_trouble;
  const auto secret = [&](FarEnd end, const char* name) {
    std::string file = folder + "/" + name;
    if (const Status done = write(file, text_of(hellos_[end], "password") + "\n"); !done)
      secrets_trouble = done.error().message;
    return file;
  };
  const Json& fire = hellos_[FarEnd::fire_centre];
  const Json& platform = hellos_[FarEnd::police_platform];
  const Json& desk = hellos_[FarEnd::police_alarms];
  std::string out = "[alarms]\nfire_desk = [\"fire:centre\"]\npolice_desk = [\"police:platform\", \"police:alarms\"]\n";
  if (has(FarEnd::sms_centre)) {
    const Json& sms = hellos_[FarEnd::sms_centre];
    out += "persons = [\"sms\"]\n";
    out += Table("alarms.sms")
               .add("url", "http://" + address_of(sms) + "/cgi-bin/sendsms")
               .add("user", text_of(sms, "user"))
               .add("password_file", secret(FarEnd::sms_centre, "sms-password"))
               .add("sender", "Bayward")
               .text();
  }
  out += Table("alarms.fire.centre")
             .add("protocol", "gbt26875")
             .add_list("addresses", address_of(fire))
             .add("device", text_of(fire, "device"))
             .add("centre", text_of(fire, "centre"))
             .text();
  out += Table("alarms.police.platform")
             .add("protocol", "gat1400")
             .add_list("addresses", address_of(platform))
             .add("device", text_of(platform, "device"))
             .add("platform", text_of(platform, "platform"))
             .add("user", text_of(platform, "user"))
             .add("password_file", secret(FarEnd::police_platform, "platform-password"))
             .add("listen", "127.0.0.1:0")
             .text();
  out += Table("alarms.police.alarms")
             .add("protocol", "gbt28181")
             .add_list("addresses", address_of(desk))
             .add("device", text_of(desk, "device"))
             .add("platform", text_of(desk, "platform"))
             .add("password_file", secret(FarEnd::police_alarms, "alarms-password"))
             .text();
  if (!secrets_trouble.empty()) return fail(secrets_trouble);
  server_config_ = folder + "/server.toml";
  return write(server_config_, out);
}

// On the program's own thread.
void FarEnds::hear(FarEnd end, const std::string& line) {
  const auto at = std::chrono::steady_clock::now();
  const auto json = ocpp::parse_json(line);
  if (!json || !json->find("heard")) return;
  Word word{end, text_of(*json, "heard"), text_of(*json, "text"), at};
  io_.post([this, alive = alive_, word = std::move(word)] {
    if (*alive && heard) heard(word);
  });
}

void FarEnds::order(const std::string& plate, uint16_t door) {
  Json::Array plates{text(plate)};
  processes_.at(FarEnd::police_platform)
      ->say(to_text(object({{"order", Json::array(std::move(plates))}, {"port", number(door)}})));
}

void FarEnds::withdraw(uint16_t door) {
  processes_.at(FarEnd::police_platform)->say(to_text(object({{"withdraw", boolean(true)}, {"port", number(door)}})));
}

void FarEnds::stop() {
  for (auto& [end, process] : processes_) (void)process->stop(stop_patience);
  processes_.clear();
}

}  // namespace bayward::town
