#include "journal/fleet/firmware_files.h"

#include <openssl/evp.h>

#include <algorithm>
#include <fstream>

#include "base/binary.h"
#include "base/limits.h"
#include "journal/durable_file.h"

namespace bayward {
namespace {

namespace fs = std::filesystem;

std::string sha256_of(std::string_view content) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(content.data(), content.size(), digest, &size, EVP_sha256(), nullptr);
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (unsigned int i = 0; i < size; ++i) {
    out += digits[digest[i] >> 4];
    out += digits[digest[i] & 15];
  }
  return out;
}

FleetDocument document_of(const FirmwareImage& image) {
  FleetDocument out{FleetKind::image, image.number, 0, std::string()};
  BinaryWriter(*out.body).write(image);
  return out;
}

}  // namespace

fs::path FirmwareFiles::path_of(uint64_t number) const {
  return directory_ / (std::to_string(number) + ".bin");
}

std::vector<FirmwareFiles::Kept>::iterator FirmwareFiles::find(std::string_view token) {
  return std::find_if(kept_.begin(), kept_.end(), [&](const Kept& one) { return one.image.token == token; });
}

Result<std::unique_ptr<FirmwareFiles>> FirmwareFiles::open(const fs::path& data_directory, FleetRecords& records,
                                                           const Passwords& passwords) {
  const fs::path directory = data_directory / "firmware";
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return fail(directory.string() + " cannot be made: " + error.message());
  fs::permissions(directory, fs::perms::owner_all, error);
  const auto documents = records.read(FleetKind::image);
  if (!documents) return Failure{documents.error()};
  auto out = std::unique_ptr<FirmwareFiles>(new FirmwareFiles(directory, records, passwords));
  for (const FleetDocument& document : *documents) {
    Kept one;
    BinaryReader reader(*document.body);
    reader.read(one.image);
    if (!reader.ok()) return fail("firmware image " + std::to_string(document.number) + " can't be read");
    out->last_number_ = std::max(out->last_number_, document.number);
    out->kept_.push_back(std::move(one));
  }
  return out;
}

Result<FirmwareImage> FirmwareFiles::add(FirmwareImage image) {
  image.token = passwords_.new_secret();
  image.received_at = {};
  image.bytes = 0;
  const std::lock_guard slow(disk_);
  if (list().size() >= limits::firmware_images) {
    return fail("there are " + std::to_string(limits::firmware_images) + " images already: delete one first");
  }
  image.number = last_number_ + 1;
  if (auto stored = records_.put_all({document_of(image)}); !stored) return Failure{stored.error()};
  ++last_number_;
  const std::lock_guard lock(mutex_);
  kept_.push_back({image, false, {}});
  return image;
}

bool FirmwareFiles::awaits(std::string_view token) {
  const std::lock_guard lock(mutex_);
  const auto found = find(token);
  return found != kept_.end() && found->image.received_at == Instant{} && !found->being_written;
}

Result<bool> FirmwareFiles::take(std::string_view token, std::string_view content, Instant now) {
  FirmwareImage image;
  {
    const std::lock_guard lock(mutex_);
    const auto found = find(token);
    if (found == kept_.end() || found->image.received_at != Instant{} || found->being_written) return false;
    found->being_written = true;
    image = found->image;
  }
  image.received_at = now;
  image.bytes = content.size();
  image.sha256 = sha256_of(content);
  const auto stored = write_file_durably(path_of(image.number), content)
                          ? records_.put_all({document_of(image)})
                          : Status(fail("the image cannot be written to " + directory_.string()));
  const std::lock_guard lock(mutex_);
  const auto found = find(token);
  if (found == kept_.end()) return false;  // deleted meanwhile
  found->being_written = false;
  if (!stored) return Failure{stored.error()};
  found->image = image;
  return true;
}

std::vector<FirmwareImage> FirmwareFiles::list() {
  const std::lock_guard lock(mutex_);
  std::vector<FirmwareImage> out;
  out.reserve(kept_.size());
  for (const Kept& one : kept_) out.push_back(one.image);
  return out;
}

Result<std::shared_ptr<const std::string>> FirmwareFiles::content(std::string_view token) {
  using Content = std::shared_ptr<const std::string>;
  const std::lock_guard slow(disk_);  // while it is read, too: the next one finds it
  FirmwareImage image;
  {
    const std::lock_guard lock(mutex_);
    const auto found = find(token);
    if (found == kept_.end() || found->image.received_at == Instant{}) return Content();
    if (Content shared = found->read.lock()) return shared;
    image = found->image;
  }
  std::ifstream file(path_of(image.number), std::ios::binary);
  auto bytes = std::make_shared<std::string>((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (sha256_of(*bytes) != image.sha256) {
    return fail(path_of(image.number).string() + " is not what was uploaded: delete the image, upload it anew");
  }
  const std::lock_guard lock(mutex_);
  if (const auto found = find(token); found != kept_.end()) found->read = bytes;
  return Content(std::move(bytes));
}

Result<bool> FirmwareFiles::remove(uint64_t number) {
  const std::lock_guard slow(disk_);
  const auto is_it = [&](const Kept& one) { return one.image.number == number; };
  const auto all = list();
  if (std::none_of(all.begin(), all.end(), [&](const FirmwareImage& one) { return one.number == number; }))
    return false;
  if (auto stored = records_.put_all({{FleetKind::image, number, 0, std::nullopt}}); !stored) {
    return Failure{stored.error()};
  }
  std::error_code ignored;
  fs::remove(path_of(number), ignored);
  const std::lock_guard lock(mutex_);
  std::erase_if(kept_, is_it);
  return true;
}

}  // namespace bayward
