#include "sim/town/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "ocpp/rpc/json.h"

namespace bayward::town {
namespace {

constexpr size_t lines_remembered = 10;

constexpr const char* own_port = "http.listening";

// {"what":"http.listening","port":8080} of our own programs, {"listening":5060} of the far ends.
struct Door {
  std::string what;
  uint16_t port = 0;
};
std::optional<Door> door_in(const std::string& line) {
  if (line.find("listening\"") == std::string::npos) return std::nullopt;
  const auto json = ocpp::parse_json(line);
  if (!json) return std::nullopt;
  const ocpp::Json* what = json->find("what");
  const ocpp::Json* port = json->find(what ? "port" : "listening");
  const auto number = port && port->as_number() ? port->as_number()->scaled(0) : std::nullopt;
  if (!number || *number < 1 || *number > 65535) return std::nullopt;
  return Door{what && what->as_text() ? *what->as_text() : own_port, static_cast<uint16_t>(*number)};
}

// In the child, after fork(): only async-signal-safe calls.
[[noreturn]] void become(const char* program, char* const* arguments, int input, int output) {
  setpgid(0, 0);  // Ctrl-C is for the town, which then stops the server in its own time
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(input, STDIN_FILENO);
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
                                                            const std::string& log_file, Heard heard) {
  if (access(program.c_str(), X_OK) != 0) return fail("cannot run " + program + ": " + std::strerror(errno));
  const int log = open(log_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (log < 0) return fail("cannot write " + log_file + ": " + std::strerror(errno));
  int input[2];  // sockets: writing to who has ended is an error and no signal
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input) != 0) return fail("cannot make a pair of sockets");
  const auto output = make_pipe();
  if (!output) return Failure{output.error()};
  const auto words = argument_vector(program, arguments);
  const pid_t pid = fork();
  if (pid == 0) become(program.c_str(), words.data(), input[1], output->write_end);
  close(input[1]);
  close(output->write_end);
  if (pid < 0) return fail(std::string("cannot fork: ") + std::strerror(errno));
  return std::unique_ptr<ServerProcess>(new ServerProcess(pid, input[0], output->read_end, log, std::move(heard)));
}

ServerProcess::ServerProcess(pid_t pid, int input, int output, int log, Heard heard)
    : pid_(pid), input_(input), heard_(std::move(heard)), reader_([this, output, log] { read_output(output, log); }) {}

ServerProcess::~ServerProcess() {
  if (running()) {
    kill(pid_, SIGKILL);
    int status = 0;
    waitpid(pid_, &status, 0);
  }
  reader_.join();
  close(input_);
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
      take(std::move(line));
      line.clear();
    }
  }
  close(output);
  close(log);
  const std::lock_guard lock(mutex_);
  output_ended_ = true;
  told_.notify_all();
}

void ServerProcess::take(std::string line) {
  if (heard_) heard_(line);
  const std::lock_guard lock(mutex_);
  if (const auto door = door_in(line)) ports_.try_emplace(door->what, door->port);
  last_lines_.push_back(std::move(line));
  if (last_lines_.size() > lines_remembered) last_lines_.erase(last_lines_.begin());
  told_.notify_all();
}

std::optional<uint16_t> ServerProcess::port_of(const std::string& door) {
  const std::lock_guard lock(mutex_);
  const auto found = ports_.find(door);
  return found == ports_.end() ? std::nullopt : std::optional(found->second);
}

// It reads little: a line is far less than the socket holds. If it has ended, the town hears of that elsewhere.
void ServerProcess::say(const std::string& line) {
  const std::string whole = line + '\n';
  [[maybe_unused]] const ssize_t sent = send(input_, whole.data(), whole.size(), MSG_NOSIGNAL);
}

Result<uint16_t> ServerProcess::wait_until_listening(Duration limit) {
  std::unique_lock lock(mutex_);
  told_.wait_for(lock, limit, [&] { return ports_.contains(own_port) || output_ended_; });
  if (const auto found = ports_.find(own_port); found != ports_.end()) return found->second;
  std::string said;
  for (const std::string& line : last_lines_) said += "\n  " + line;
  if (!output_ended_) return fail("it did not listen within its time" + said);
  return fail("it ended before it listened" + said);
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
