// The judge is not ours: FreeRADIUS reads the users file, radclient asks as hostapd would.
#include "site/access/radius.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

namespace bayward::site {
namespace {

constexpr Instant start = from_unix_s(1'899'999'900);

std::string radius_config(const std::string& directory, int port) {
  // One brace a line: FreeRADIUS wants it so.
  return "prefix = /usr\nlogdir = " + directory + "\nrun_dir = " + directory + "\nlibdir = /usr/lib/freeradius\n" +
         "max_requests = 1024\nsecurity {\nallow_vulnerable_openssl = yes\n}\n" +
         "client localhost {\nipaddr = 127.0.0.1\nsecret = testing123\n}\n" +
         "modules {\nfiles {\nfilename = " + directory + "/users\n}\npap {\n}\n}\n" +
         "server default {\nlisten {\ntype = auth\nipaddr = 127.0.0.1\nport = " + std::to_string(port) +
         "\n}\nauthorize {\nfiles\npap\n}\nauthenticate {\npap\n}\n}\n";
}

int free_udp_port() {
  const int probe = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(probe, reinterpret_cast<const sockaddr*>(&address), size);
  getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  close(probe);
  return ntohs(address.sin_port);
}

std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  std::string out(8192, '\0');
  out.resize(pipe == nullptr ? 0 : fread(out.data(), 1, out.size(), pipe));
  if (pipe != nullptr) pclose(pipe);
  return out;
}

std::string ask(const std::string& mac, int port) {
  return output_of("printf 'User-Name = " + mac + ", User-Password = " + mac +
                   "' | radclient -x -r 1 -t 2 127.0.0.1:" + std::to_string(port) + " auth testing123 2>&1");
}

TEST(RadiusUsers, FreeRadiusAnswersTheKnownDeviceWithItsPassword) {
  if (access("/usr/sbin/freeradius", X_OK) != 0 || system("command -v radclient >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "freeradius and freeradius-utils are not installed";
  }
  WifiGrants grants("key");
  const WifiTerms terms{.device = "pod-7", .phone = "+4915112345678", .booking = "b", .time = {start, start + 4h}};
  const auto grant = grants.give("g1", terms, {}, "", start);
  ASSERT_TRUE(grants.bind("g1", "02:00:00:00:00:0a"));
  std::string name = ::testing::TempDir() + "radius-XXXXXX";
  const std::string directory = mkdtemp(name.data());
  const int port = free_udp_port();
  std::ofstream(directory + "/users") << radius_users_file(grants.all(), grants, start + 1h);
  std::ofstream(directory + "/radiusd.conf") << radius_config(directory, port);

  const pid_t server = fork();
  if (server == 0) {
    if (freopen("/dev/null", "w", stdout) == nullptr) _exit(1);
    execl("/usr/sbin/freeradius", "freeradius", "-f", "-l", "stdout", "-d", directory.c_str(), "-n", "radiusd",
          nullptr);
    _exit(1);
  }
  std::string answer;
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < limit && answer.find("Access-Accept") == std::string::npos) {
    answer = ask("02000000000a", port);
  }
  EXPECT_NE(answer.find("Access-Accept"), std::string::npos) << answer;
  EXPECT_NE(answer.find("Tunnel-Password:0 = \"" + grants.passphrase(*grant) + "\""), std::string::npos) << answer;
  EXPECT_NE(answer.find("Session-Timeout = 10800"), std::string::npos) << answer;
  EXPECT_NE(ask("02000000000b", port).find("Access-Reject"), std::string::npos) << "a device that nobody knows";
  kill(server, SIGTERM);
  waitpid(server, nullptr, 0);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace bayward::site
