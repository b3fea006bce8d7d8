// A program as a child of the town: the server, the site controller, a far end. Started, listened to, stopped. What it
// writes (lines of JSON) goes to a file; some of them tell on which ports it listens. One thread, but for what is said
// at each function.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace bayward::town {

struct Finished {
  int exit_code = 0;   // 128 + signal when one ended it
  std::string output;  // of both streams
};
// Runs a program to its end with `input` on its standard input. Forks: call before other threads run.
Result<Finished> run_program(const std::string& program, const std::vector<std::string>& arguments,
                             const std::string& input);

class ServerProcess {
 public:
  // Each line that it writes, on a thread of its own.
  using Heard = std::function<void(const std::string& line)>;

  // `log_file` is written anew. Forks: call before other threads run.
  static Result<std::unique_ptr<ServerProcess>> start(const std::string& program,
                                                      const std::vector<std::string>& arguments,
                                                      const std::string& log_file, Heard heard = {});
  // Kills what still runs.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // The port it listens on, or why it ended.
  Result<uint16_t> wait_until_listening(Duration limit);
  // Of another door that the log has told of, such as "police.listening".
  std::optional<uint16_t> port_of(const std::string& door);
  // To its standard input.
  void say(const std::string& line);
  // SIGTERM, then patience, then SIGKILL. True when it ended by itself with code 0.
  bool stop(Duration patience);
  bool running();
  pid_t pid() const { return pid_; }

 private:
  ServerProcess(pid_t pid, int input, int output, int log, Heard heard);
  void read_output(int output, int log);
  void take(std::string line);

  pid_t pid_;
  int input_;
  const Heard heard_;
  std::optional<int> wait_status_;
  std::mutex mutex_;  // guards what follows, shared with the reader
  std::condition_variable told_;
  std::map<std::string, uint16_t> ports_;  // by what the log calls the event
  std::vector<std::string> last_lines_;
  bool output_ended_ = false;
  std::thread reader_;  // last: it begins with all of the above in place
};

}  // namespace bayward::town
