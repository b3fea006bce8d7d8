// A fake libgpiod (1.6), preloaded into bayward-bay (LD_PRELOAD) where no GPIO chip is: the part of its interface that
// the driver uses, on files. FAKE_GPIO has a folder a chip; line N is the file N with the level "0" or "1"; a file
// N.busy has the name of another user; a line whose file is missing does not answer.
#include <fcntl.h>
#include <gpiod.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

struct gpiod_line {
  std::filesystem::path file;
  std::string user;
  bool inverted = false;
  bool requested = false;
};
struct gpiod_chip {
  std::filesystem::path folder;
  std::map<unsigned, gpiod_line> lines;
};

namespace {

constexpr unsigned line_count = 32;

int request(gpiod_line* line, int flags) {
  std::ifstream busy(line->file.string() + ".busy");
  if (std::getline(busy, line->user)) {
    errno = EBUSY;
    return -1;
  }
  line->inverted = (flags & GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW) != 0;
  line->requested = true;
  return 0;
}

}  // namespace

extern "C" {

gpiod_chip* gpiod_chip_open_lookup(const char* name) {
  const char* root = std::getenv("FAKE_GPIO");
  const std::filesystem::path folder = std::filesystem::path(root ? root : "") / name;
  if (!root || !std::filesystem::is_directory(folder)) {
    errno = ENOENT;
    return nullptr;
  }
  return new gpiod_chip{folder, {}};
}
void gpiod_chip_close(gpiod_chip* chip) {
  delete chip;
}
unsigned gpiod_chip_num_lines(gpiod_chip*) {
  return line_count;
}
gpiod_line* gpiod_chip_get_line(gpiod_chip* chip, unsigned number) {
  gpiod_line& line = chip->lines[number];
  line.file = chip->folder / std::to_string(number);
  return &line;
}
const char* gpiod_line_consumer(gpiod_line* line) {
  return line->user.empty() ? nullptr : line->user.c_str();
}
int gpiod_line_get_value(gpiod_line* line) {
  std::ifstream in(line->file);
  char level = 0;
  if (!line->requested || !(in >> level)) {
    errno = EIO;
    return -1;
  }
  return (level == '1') != line->inverted ? 1 : 0;
}
int gpiod_line_set_value(gpiod_line* line, int value) {
  const int fd = line->requested ? ::open(line->file.c_str(), O_WRONLY) : -1;
  const char level = (value != 0) != line->inverted ? '1' : '0';
  const bool done = fd >= 0 && ::pwrite(fd, &level, 1, 0) == 1;
  if (fd >= 0) ::close(fd);
  if (!done) errno = EIO;
  return done ? 0 : -1;
}
int gpiod_line_request_input_flags(gpiod_line* line, const char*, int flags) {
  return request(line, flags);
}
int gpiod_line_request_output_flags(gpiod_line* line, const char*, int flags, int value) {
  return request(line, flags) == 0 ? gpiod_line_set_value(line, value) : -1;
}

}  // extern "C"
