#include "bay/drivers/iio_device.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

namespace bayward::bay {
namespace {

// A sysfs attribute is read in one go.
Result<std::string> read_small_file(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail(file.string() + ": " + std::strerror(errno));
  std::array<char, 64> bytes{};
  const ssize_t size = ::read(fd, bytes.data(), bytes.size());
  const int error = errno;
  ::close(fd);
  if (size < 0) return fail(file.string() + ": " + std::strerror(error));
  if (static_cast<size_t>(size) == bytes.size()) return fail(file.string() + ": longer than any number");
  std::string out(bytes.data(), static_cast<size_t>(size));
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  return out;
}

// What channels of one type share: "in_temp0" has in_temp0_scale, or all have in_temp_scale.
std::string shared_name(std::string_view channel) {
  std::string out;
  std::copy_if(channel.begin(), channel.end(), std::back_inserter(out), [](char c) { return c < '0' || c > '9'; });
  return out;
}

Result<double> number_of_either(const std::filesystem::path& device, const std::string& channel, const char* tail,
                                double otherwise) {
  for (const std::string& name : {channel, shared_name(channel)}) {
    const std::filesystem::path file = device / (name + tail);
    std::error_code error;
    if (std::filesystem::exists(file, error)) return read_number_file(file);
  }
  return otherwise;
}

}  // namespace

Result<double> read_number_file(const std::filesystem::path& file) {
  const auto text = read_small_file(file);
  if (!text) return Failure{text.error()};
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || !std::isfinite(value)) {
    return fail(file.string() + ": '" + text->substr(0, 20) + "' is no number");
  }
  return value;
}

Result<std::filesystem::path> IioDevice::find() const {
  if (device_.starts_with("iio:device")) {
    std::error_code error;
    if (std::filesystem::is_directory(directory_ / device_, error)) return directory_ / device_;
  }
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
    const auto name = read_small_file(entry.path() / "name");
    if (name && *name == device_) return entry.path();
  }
  return fail("there is no IIO device '" + device_ + "' in " + directory_.string() + ": `cat " + directory_.string() +
              "/*/name` lists them; is its driver loaded?");
}

Result<IioDevice::Formula> IioDevice::formula_of(const std::string& channel) const {
  std::error_code error;
  Formula out;
  out.file = *found_ / (channel + "_input");
  if (std::filesystem::exists(out.file, error)) return out;
  out.file = *found_ / (channel + "_raw");
  if (!std::filesystem::exists(out.file, error)) {
    return fail(found_->string() + " has neither " + channel + "_raw nor " + channel + "_input");
  }
  const auto scale = number_of_either(*found_, channel, "_scale", 1);
  const auto offset = number_of_either(*found_, channel, "_offset", 0);
  if (!scale) return Failure{scale.error()};
  if (!offset) return Failure{offset.error()};
  out.scale = *scale;
  out.offset = *offset;
  return out;
}

Result<double> IioDevice::read(const std::string& channel) {
  if (!found_) {
    auto found = find();
    if (!found) return Failure{found.error()};
    found_ = *std::move(found);
  }
  auto known = formulas_.find(channel);
  if (known == formulas_.end()) {
    auto formula = formula_of(channel);
    if (!formula) return Failure{formula.error()};
    known = formulas_.emplace(channel, *std::move(formula)).first;
  }
  const Formula& formula = known->second;
  const auto raw = read_number_file(formula.file);
  if (!raw) return Failure{raw.error()};
  return (*raw + formula.offset) * formula.scale;
}

void IioDevice::look_anew() {
  found_.reset();
  formulas_.clear();
}

}  // namespace bayward::bay
