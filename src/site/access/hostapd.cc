#include "site/access/hostapd.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>

#include "base/limits.h"

namespace bayward::site {
namespace {

bool valid_keyid(std::string_view id) {
  return !id.empty() && id.size() <= 32 && std::ranges::all_of(id, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::optional<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof out.sun_path) return std::nullopt;
  text.copy(out.sun_path, text.size());
  return out;
}

// A datagram socket with a name of its own, to which hostapd answers.
class ControlSocket {
 public:
  ControlSocket() {
    static std::atomic<int> number = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("bayward-wpa-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
    handle_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  }
  ~ControlSocket() {
    if (handle_ >= 0) ::close(handle_);
    ::unlink(path_.c_str());
  }
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  bool connect(const sockaddr_un& far_end, Duration limit) const {
    const auto near_end = address_of(path_);
    ::unlink(path_.c_str());
    const auto us = std::chrono::microseconds(limit).count();
    const timeval wait{.tv_sec = us / 1'000'000, .tv_usec = us % 1'000'000};
    return handle_ >= 0 && near_end && bind_to(*near_end) && connect_to(far_end) &&
           ::setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0 &&
           ::setsockopt(handle_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) == 0;
  }
  std::optional<std::string> exchange(std::string_view command) const {
    if (::send(handle_, command.data(), command.size(), 0) < 0) return std::nullopt;
    std::string reply(limits::hostapd_reply_bytes, '\0');
    // Events that nobody asked for begin with '<'; there are few, as we don't attach.
    for (int tries = 0; tries < 8; ++tries) {
      const ssize_t size = ::recv(handle_, reply.data(), reply.size(), 0);
      if (size < 0) return std::nullopt;
      if (size > 0 && reply[0] == '<') continue;
      reply.resize(static_cast<size_t>(size));
      return reply;
    }
    errno = EPROTO;
    return std::nullopt;
  }

 private:
  bool bind_to(const sockaddr_un& at) const {
    return ::bind(handle_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
  }
  bool connect_to(const sockaddr_un& to) const {
    return ::connect(handle_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  std::filesystem::path path_;
  int handle_ = -1;
};

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

std::string psk_file(const std::vector<WifiGrant>& grants, std::string_view device, const WifiGrants& keys) {
  std::string out;
  for (const WifiGrant& grant : grants) {
    const std::string passphrase = keys.passphrase(grant);
    const bool any_device = grant.mac.empty();
    if (grant.terms.device != device || !valid_keyid(grant.id) || !(any_device || valid_mac(grant.mac))) continue;
    out += "keyid=" + grant.id + ' ' + (any_device ? "00:00:00:00:00:00" : grant.mac) + ' ' + passphrase + '\n';
  }
  return out;
}

std::optional<Station> read_station(std::string_view reply) {
  if (reply.size() > limits::hostapd_reply_bytes) return std::nullopt;
  Station out{.mac = std::string(first_line(reply)), .keyid = {}};
  if (!valid_mac(out.mac)) return std::nullopt;
  constexpr std::string_view key = "\nkeyid=";
  if (const size_t at = reply.find(key); at != std::string_view::npos) {
    const std::string_view id = first_line(reply.substr(at + key.size()));
    if (valid_keyid(id)) out.keyid = id;
  }
  return out;
}

Result<std::string> HostapdControl::ask(std::string_view command) const {
  const auto far_end = address_of(socket_);
  if (!far_end) return fail("hostapd: the path of its control socket is too long: " + socket_.string());
  const ControlSocket socket;
  std::optional<std::string> reply;
  if (socket.connect(*far_end, limit_)) reply = socket.exchange(command);
  if (!reply) {
    return fail("hostapd at " + socket_.string() + " does not answer: " + std::strerror(errno) +
                "; is it running, and may this program use its ctrl_interface?");
  }
  return std::move(*reply);
}

Status HostapdControl::reload_psk() const {
  const Result<std::string> reply = ask("RELOAD_WPA_PSK");
  if (!reply.ok()) return Failure{reply.error()};
  if (first_line(*reply) != "OK") {
    return fail("hostapd at " + socket_.string() + " did not read its PSK file again; see its log");
  }
  return Done{};
}

Result<std::vector<Station>> HostapdControl::stations() const {
  std::vector<Station> out;
  std::string command = "STA-FIRST";
  while (out.size() < limits::wifi_grants) {
    const Result<std::string> reply = ask(command);
    if (!reply.ok()) return Failure{reply.error()};
    const std::optional<Station> station = read_station(*reply);
    if (!station) break;
    out.push_back(*station);
    command = "STA-NEXT " + station->mac;
  }
  return out;
}

Status HostapdControl::throw_off(std::string_view mac) const {
  const Result<std::string> reply = ask("DEAUTHENTICATE " + std::string(mac));
  if (!reply.ok()) return Failure{reply.error()};
  return Done{};
}

}  // namespace bayward::site
