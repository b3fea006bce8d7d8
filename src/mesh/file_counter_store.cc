#include "mesh/file_counter_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "base/limits.h"

namespace bayward::mesh {

namespace {

constexpr std::string_view first_line = "bayward-mesh-counters 1";

std::string words_of(int error) {
  return std::generic_category().message(error);
}

bool parse_number(std::string_view text, uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

// "own 17" or "heard 02:00:5e:00:53:01 17".
bool parse_line(std::string_view line, CounterState& state) {
  if (line.starts_with("own ")) return parse_number(line.substr(4), state.own_next);
  constexpr size_t mac_at = 6;
  constexpr size_t number_at = mac_at + 18;
  if (!line.starts_with("heard ") || line.size() < number_at || line[number_at - 1] != ' ') return false;
  const auto sender = parse_mac(line.substr(mac_at, 17));
  return sender && state.heard.size() < limits::mesh_senders &&
         parse_number(line.substr(number_at), state.heard[*sender]);
}

Status write_durably(const std::filesystem::path& file, const std::string& text) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return fail(words_of(errno));
  const ssize_t written = ::write(fd, text.data(), text.size());
  const bool whole = written == static_cast<ssize_t>(text.size());
  const int error = whole && ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (!whole && error == 0) return fail("the disk is full");
  if (error != 0) return fail(words_of(error));
  return Done{};
}

void sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

std::string to_text(const CounterState& state) {
  std::string out(first_line);
  out += "\nown " + std::to_string(state.own_next) + "\n";
  for (const auto& [sender, highest] : state.heard) {
    out += "heard " + to_text(sender) + " " + std::to_string(highest) + "\n";
  }
  return out + "end\n";
}

Result<CounterState> parse_counter_state(std::string_view text) {
  CounterState state;
  bool begun = false;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) break;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (begun && line == "end" && text.empty()) return state;
    if (begun ? !parse_line(line, state) : line != first_line) break;
    begun = true;
  }
  return fail("it is damaged");
}

Result<CounterState> FileCounterStore::load() {
  std::error_code error;
  if (!std::filesystem::exists(file_, error) && !error) return CounterState{};
  std::ifstream in(file_, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string place = "the mesh's counters in " + file_.string();
  if (!in && text.empty()) return fail(place + " can't be read");
  auto state = parse_counter_state(text);
  if (!state) return fail(place + " can't be read: " + state.error().message);
  return state;
}

Status FileCounterStore::save(const CounterState& state) {
  std::filesystem::path fresh = file_;
  fresh += ".new";
  const std::string place = "the mesh's counters can't be kept in " + file_.string() + ": ";
  if (const Status written = write_durably(fresh, to_text(state)); !written) {
    return fail(place + written.error().message);
  }
  std::error_code error;
  std::filesystem::rename(fresh, file_, error);
  if (error) return fail(place + error.message());
  sync_folder(file_.parent_path());
  return Done{};
}

}  // namespace bayward::mesh
