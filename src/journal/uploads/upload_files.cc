#include "journal/uploads/upload_files.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "base/limits.h"

namespace bayward {
namespace {

constexpr int attempts_max = 5;  // stations try again when the line breaks
constexpr std::string_view unfinished = ".part";

// "12_st-1_diagnostics_acc-2a_1790000000": number, station, log, who asked, when it came.
std::string name_of(const Upload& upload) {
  return std::to_string(upload.number) + "_" + to_text(upload.station) + "_" + upload.log + "_" +
         to_text(upload.asked_by) + "_" + std::to_string(unix_s(upload.received_at));
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
                                                       const Passwords& passwords) {
  const std::filesystem::path directory = data_directory / "uploads";
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail(directory.string() + " cannot be made: " + error.message());
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  auto out = std::unique_ptr<UploadFiles>(new UploadFiles(directory, passwords));
  for (const auto& file : std::filesystem::directory_iterator(directory, error)) {
    const std::string name = file.path().filename().string();
    std::error_code ignored;
    if (name.ends_with(unfinished)) std::filesystem::remove(file.path(), ignored);
    auto upload = parse_name(name);
    if (!upload) continue;
    upload->bytes = file.file_size(ignored);
    out->last_number_ = std::max(out->last_number_, upload->number);
    out->kept_.push_back(*std::move(upload));
  }
  if (error) return fail(directory.string() + " cannot be read: " + error.message());
  std::sort(out->kept_.begin(), out->kept_.end(), older);
  return out;
}

std::filesystem::path UploadFiles::path_of(const Upload& upload) const {
  return directory_ / name_of(upload);
}

UploadFiles::Expected UploadFiles::expect(Upload upload, Instant until) {
  const std::string token = passwords_.new_secret();
  const std::lock_guard lock(mutex_);
  upload.number = ++last_number_;
  upload.received_at = {};
  if (awaited_.size() >= limits::station_uploads_awaited) {
    awaited_.erase(std::min_element(awaited_.begin(), awaited_.end(), [](const auto& a, const auto& b) {
      return a.second.upload.number < b.second.upload.number;
    }));
  }
  const uint64_t number = upload.number;
  awaited_.emplace(token, Awaited{std::move(upload), until, 0});
  return {number, token};
}

bool UploadFiles::awaits(std::string_view token) {
  const std::lock_guard lock(mutex_);
  const auto found = awaited_.find(token);
  return found != awaited_.end() && ++found->second.attempts <= attempts_max;
}

Result<bool> UploadFiles::take(std::string_view token, std::string_view content, Instant now) {
  Upload upload;
  {
    const std::lock_guard lock(mutex_);
    const auto found = awaited_.find(token);
    if (found == awaited_.end()) return false;
    const bool late = found->second.until < now;
    upload = found->second.upload;
    awaited_.erase(found);
    if (late) return false;
  }
  upload.received_at = now;
  upload.bytes = content.size();
  const std::filesystem::path path = path_of(upload);
  const std::filesystem::path part = path.string() + std::string(unfinished);
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(part, path, error);
  if (!file || error) {
    std::filesystem::remove(part, error);
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
  for (const auto& [token, awaited] : awaited_) {
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
  std::ifstream file(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.good() && !file.eof()) return fail(path.string() + " cannot be read");
  return std::optional(std::move(content));
}

}  // namespace bayward
