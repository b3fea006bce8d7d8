#include "journal/uploads/upload_files.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "base/limits.h"
#include "journal/durable_file.h"

namespace bayward {
namespace {

constexpr int attempts_max = 5;  // stations try again when the line breaks
constexpr std::string_view awaited_file = ".awaited";

// "12_sta-1_diagnostics_acc-2a_1790000000": number, station, log, who asked, when it came; of one that is awaited until
// when, and ".awaited" behind it.
std::string name_of(const Upload& upload, Instant at) {
  return std::to_string(upload.number) + "_" + to_text(upload.station) + "_" + upload.log + "_" +
         to_text(upload.asked_by) + "_" + std::to_string(unix_s(at));
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {(std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>()};
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number out{};
  const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
  return end.ec == std::errc{} && end.ptr == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

std::optional<Upload> parse_name(std::string_view name) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t end = name.find('_');
    parts.push_back(name.substr(0, end));
    if (end == std::string_view::npos) break;
    name.remove_prefix(end + 1);
  }
  if (parts.size() != 5) return std::nullopt;
  const auto number = number_in<uint64_t>(parts[0]);
  const auto station = parse_id<StationId>(parts[1]);
  const auto asked_by = parse_id<AccountId>(parts[3]);
  const auto received = number_in<int64_t>(parts[4]);
  if (!number || !station || !asked_by || !received) return std::nullopt;
  return Upload{*number, *station, std::string(parts[2]), *asked_by, from_unix_s(*received), 0};
}

bool older(const Upload& a, const Upload& b) {
  return a.number < b.number;
}

}  // namespace

Result<std::unique_ptr<UploadFiles>> UploadFiles::open(const std::filesystem::path& data_directory,
                                                       const Passwords& passwords, Instant now) {
  const std::filesystem::path directory = data_directory / "uploads";
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail(directory.string() + " cannot be made: " + error.message());
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  auto out = std::unique_ptr<UploadFiles>(new UploadFiles(directory, passwords));
  for (const auto& file : std::filesystem::directory_iterator(directory, error)) out->found(file.path(), now);
  if (error) return fail(directory.string() + " cannot be read: " + error.message());
  std::sort(out->kept_.begin(), out->kept_.end(), older);
  return out;
}

void UploadFiles::found(const std::filesystem::path& file, Instant now) {
  std::error_code ignored;
  std::string name = file.filename().string();
  if (name.ends_with(unfinished_file)) std::filesystem::remove(file, ignored);
  const bool is_awaited = name.ends_with(awaited_file);
  if (is_awaited) name.resize(name.size() - awaited_file.size());
  auto upload = parse_name(name);
  if (!upload) return;
  last_number_ = std::max(last_number_, upload->number);
  if (!is_awaited) {
    upload->bytes = std::filesystem::file_size(file, ignored);
    kept_.push_back(*std::move(upload));
    return;
  }
  const Instant until = std::exchange(upload->received_at, Instant{});
  if (until < now) {
    std::filesystem::remove(file, ignored);
    return;
  }
  const uint64_t number = upload->number;
  awaited_.emplace(number, Awaited{*std::move(upload), until, read_file(file), 0});
}

std::filesystem::path UploadFiles::path_of(const Upload& upload) const {
  return directory_ / name_of(upload, upload.received_at);
}

std::filesystem::path UploadFiles::path_of(const Awaited& awaited) const {
  return directory_ / (name_of(awaited.upload, awaited.until) + std::string(awaited_file));
}

UploadFiles::AwaitedByNumber::iterator UploadFiles::find(std::string_view token) {
  return std::find_if(awaited_.begin(), awaited_.end(),
                      [&](const auto& one) { return passwords_.verify_secret(one.second.digest, token); });
}

Result<UploadFiles::Expected> UploadFiles::expect(Upload upload, Instant until) {
  const std::string token = passwords_.new_secret();
  upload.received_at = {};
  Awaited awaited{std::move(upload), until, passwords_.digest_secret(token), 0};
  {
    const std::lock_guard lock(mutex_);
    awaited.upload.number = ++last_number_;
  }
  const uint64_t number = awaited.upload.number;
  if (!write_file_durably(path_of(awaited), awaited.digest)) {
    return fail("an upload cannot be awaited: " + directory_.string() + " is not writable");
  }
  std::error_code ignored;
  const std::lock_guard lock(mutex_);
  awaited_.emplace(number, std::move(awaited));
  while (awaited_.size() > limits::station_uploads_awaited) {
    std::filesystem::remove(path_of(awaited_.begin()->second), ignored);
    awaited_.erase(awaited_.begin());
  }
  return Expected{number, token};
}

bool UploadFiles::awaits(std::string_view token) {
  const std::lock_guard lock(mutex_);
  const auto found = find(token);
  return found != awaited_.end() && ++found->second.attempts <= attempts_max;
}

Result<bool> UploadFiles::take(std::string_view token, std::string_view content, Instant now) {
  Awaited awaited;
  {
    const std::lock_guard lock(mutex_);
    const auto found = find(token);
    if (found == awaited_.end()) return false;
    awaited = std::move(found->second);
    awaited_.erase(found);
  }
  // First of all: whatever happens, the token has been used.
  std::error_code ignored;
  std::filesystem::remove(path_of(awaited), ignored);
  if (awaited.until < now) return false;
  Upload upload = awaited.upload;
  upload.received_at = now;
  upload.bytes = content.size();
  if (!write_file_durably(path_of(upload), content)) {
    return fail("an upload cannot be written to " + directory_.string());
  }
  const std::lock_guard lock(mutex_);
  kept_.insert(std::upper_bound(kept_.begin(), kept_.end(), upload, older), upload);
  forget_oldest();
  return true;
}

void UploadFiles::forget_oldest() {
  std::error_code ignored;
  while (kept_.size() > limits::station_uploads_kept) {
    std::filesystem::remove(path_of(kept_.front()), ignored);
    kept_.erase(kept_.begin());
  }
}

std::vector<Upload> UploadFiles::list(StationId station) {
  std::vector<Upload> out;
  const std::lock_guard lock(mutex_);
  for (const auto& [number, awaited] : awaited_) {
    if (awaited.upload.station == station) out.push_back(awaited.upload);
  }
  for (const Upload& upload : kept_) {
    if (upload.station == station) out.push_back(upload);
  }
  std::sort(out.begin(), out.end(), [](const Upload& a, const Upload& b) { return older(b, a); });
  return out;
}

Result<std::optional<std::string>> UploadFiles::read(StationId station, uint64_t number) {
  std::filesystem::path path;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Upload& upload) {
      return upload.number == number && upload.station == station;
    });
    if (found == kept_.end()) return std::optional<std::string>();
    path = path_of(*found);
  }
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return fail(path.string() + " cannot be read");
  return std::optional(read_file(path));
}

}  // namespace bayward
