// The server program as a child of the town: started, listened to, stopped. Its log lines (JSON, one each) go to a
// file; two of them tell when it is ready. One thread, but for what is said at each function.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
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
  // `log_file` is written anew. Forks: call before other threads run.
  static Result<std::unique_ptr<ServerProcess>> start(const std::string& program,
                                                      const std::vector<std::string>& arguments,
                                                      const std::string& log_file);
  // Kills what still runs.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // The port it listens on, or why it ended.
  Result<uint16_t> wait_until_listening(Duration limit);
  // SIGTERM, then patience, then SIGKILL. True when it ended by itself with code 0.
  bool stop(Duration patience);
  bool running();
  pid_t pid() const { return pid_; }

 private:
  ServerProcess(pid_t pid, int output, int log);
  void read_output(int output, int log);

  pid_t pid_;
  std::optional<int> wait_status_;
  std::mutex mutex_;  // guards what follows, shared with the reader
  std::condition_variable told_;
  std::optional<uint16_t> port_;
  std::vector<std::string> last_lines_;
  bool output_ended_ = false;
  std::thread reader_;  // last: it begins with all of the above in place
};

}  // namespace bayward::town
