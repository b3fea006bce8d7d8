#include "sim/town/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "ocpp/rpc/json.h"

namespace bayward::town {
namespace {

constexpr size_t lines_remembered = 10;

std::optional<uint16_t> port_in(const std::string& line) {
  if (line.find("http.listening") == std::string::npos) return std::nullopt;
  const auto json = ocpp::parse_json(line);
  if (!json) return std::nullopt;
  const ocpp::Json* port = json->find("port");
  const auto number = port && port->as_number() ? port->as_number()->scaled(0) : std::nullopt;
  if (!number || *number < 1 || *number > 65535) return std::nullopt;
  return static_cast<uint16_t>(*number);
}

// In the child, after fork(): only async-signal-safe calls.
[[noreturn]] void become(const char* program, char* const* arguments, int input, int output) {
  setpgid(0, 0);  // Ctrl-C is for the town, which then stops the server in its own time
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(input >= 0 ? input : open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execv(program, arguments);
  _exit(127);
}

std::vector<char*> argument_vector(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<char*> words;
  words.push_back(const_cast<char*>(program.c_str()));
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  return words;
}

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};
Result<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail(std::string("cannot make a pipe: ") + std::strerror(errno));
  return Pipe{ends[0], ends[1]};
}

}  // namespace

Result<Finished> run_program(const std::string& program, const std::vector<std::string>& arguments,
                             const std::string& input) {
  if (access(program.c_str(), X_OK) != 0) return fail("cannot run " + program + ": " + std::strerror(errno));
  const auto in = make_pipe();
  if (!in) return Failure{in.error()};
  const auto out = make_pipe();
  if (!out) return Failure{out.error()};
  const auto words = argument_vector(program, arguments);
  const pid_t pid = fork();
  if (pid == 0) become(program.c_str(), words.data(), in->read_end, out->write_end);
  close(in->read_end);
  close(out->write_end);
  if (pid < 0) return fail(std::string("cannot fork: ") + std::strerror(errno));
  // Less than a pipe holds: it never blocks.
  [[maybe_unused]] const ssize_t written = write(in->write_end, input.data(), input.size());
  close(in->write_end);
  Finished finished;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(out->read_end, buffer, sizeof buffer)) > 0 || (got < 0 && errno == EINTR);) {
    if (got > 0) finished.output.append(buffer, static_cast<size_t>(got));
  }
  close(out->read_end);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return finished;
}

Result<std::unique_ptr<ServerProcess>> ServerProcess::start(const std::string& program,
                                                            const std::vector<std::string>& arguments,
                                                            const std::string& log_file) {
  if (access(program.c_str(), X_OK) != 0) return fail("cannot run " + program + ": " + std::strerror(errno));
  const int log = open(log_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (log < 0) return fail("cannot write " + log_file + ": " + std::strerror(errno));
  const auto output = make_pipe();
  if (!output) return Failure{output.error()};
  const auto words = argument_vector(program, arguments);
  const pid_t pid = fork();
  if (pid == 0) become(program.c_str(), words.data(), -1, output->write_end);
  close(output->write_end);
  if (pid < 0) return fail(std::string("cannot fork: ") + std::strerror(errno));
  return std::unique_ptr<ServerProcess>(new ServerProcess(pid, output->read_end, log));
}

ServerProcess::ServerProcess(pid_t pid, int output, int log)
    : pid_(pid), reader_([this, output, log] { read_output(output, log); }) {}

ServerProcess::~ServerProcess() {
  if (running()) {
    kill(pid_, SIGKILL);
    int status = 0;
    waitpid(pid_, &status, 0);
  }
  reader_.join();
}

void ServerProcess::read_output(int output, int log) {
  std::string line;
  char buffer[4096];
  for (;;) {
    const ssize_t got = read(output, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    [[maybe_unused]] const ssize_t written = write(log, buffer, static_cast<size_t>(got));
    for (ssize_t i = 0; i < got; ++i) {
      if (buffer[i] != '\n') {
        line += buffer[i];
        continue;
      }
      const std::lock_guard lock(mutex_);
      if (!port_) port_ = port_in(line);
      last_lines_.push_back(std::move(line));
      if (last_lines_.size() > lines_remembered) last_lines_.erase(last_lines_.begin());
      line.clear();
      told_.notify_all();
    }
  }
  close(output);
  close(log);
  const std::lock_guard lock(mutex_);
  output_ended_ = true;
  told_.notify_all();
}

Result<uint16_t> ServerProcess::wait_until_listening(Duration limit) {
  std::unique_lock lock(mutex_);
  told_.wait_for(lock, limit, [&] { return port_ || output_ended_; });
  if (port_) return *port_;
  std::string said;
  for (const std::string& line : last_lines_) said += "\n  " + line;
  if (!output_ended_) return fail("the server did not listen within its time" + said);
  return fail("the server ended before it listened" + said);
}

bool ServerProcess::running() {
  if (wait_status_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  wait_status_ = status;
  return false;
}

bool ServerProcess::stop(Duration patience) {
  if (running()) kill(pid_, SIGTERM);
  {
    // Its output ends when it ends: no polling.
    std::unique_lock lock(mutex_);
    if (!told_.wait_for(lock, patience, [&] { return output_ended_; })) kill(pid_, SIGKILL);
  }
  if (!wait_status_) {
    int status = 0;
    if (waitpid(pid_, &status, 0) == pid_) wait_status_ = status;
  }
  return wait_status_ && WIFEXITED(*wait_status_) && WEXITSTATUS(*wait_status_) == 0;
}

}  // namespace bayward::town
