#include "site_clock.h"

#include "net/scaled_clock.h"
#include "ports/log.h"
#include "site/access/atomic_file.h"

namespace bayward {
namespace {

constexpr Duration keep_every{10min};
constexpr Duration under_way{2s};  // a message of the platform
constexpr size_t file_bytes_max = 64;

std::optional<Instant> last_known(const std::filesystem::path& file) {
  auto text = site::read_file(file, file_bytes_max);
  if (!text) return std::nullopt;
  while (text->ends_with('\n')) text->pop_back();
  return parse_rfc3339(*text);
}

}  // namespace

SiteClock::SiteClock(const SiteConfig& config) : file_(config.data_directory / "clock") {
  if (config.clock_speed != 1 || config.clock_start) {
    scaled_ = std::make_unique<net::ScaledClock>(config.clock_start.value_or(machine_.now()), config.clock_speed);
    log::warn("clock.scaled", {{"speed", config.clock_speed}, {"start", to_rfc3339(scaled_->now())}});
    return;
  }
  const auto known = last_known(file_);
  guarded_ = std::make_unique<net::GuardedClock>(machine_, monotonic_, known);
  if (guarded_->sure()) return;
  log::error("clock.not_believed",
             {{"machine", to_rfc3339(machine_.now())},
              {"last_known", to_rfc3339(*known)},
              {"until_then", "nobody whose right to charge ends is let in, nothing is held on the spot"},
              {"what_to_do",
               "set this machine's clock, or connect the platform. Is it right, and the site was off for more "
               "than 60 days? Then remove " +
                   file_.string() + " and start again"}});
}

void SiteClock::told(Instant time) {
  if (!guarded_) return;
  const bool was_sure = guarded_->sure();
  const Duration wrong_by = guarded_->tell(time, under_way);
  if (wrong_by != Duration{0}) log::warn("clock.corrected", {{"seconds", wrong_by / 1s}, {"by", "the platform"}});
  if (!was_sure || wrong_by != Duration{0}) keep();
}

void SiteClock::tick() {
  if (!guarded_) return;
  const Duration moved = guarded_->look();
  if (moved != Duration{0}) log::info("clock.corrected", {{"seconds", moved / 1s}, {"by", "this machine's clock"}});
  if (guarded_->sure() && monotonic_.now() >= keep_at_) keep();
}

void SiteClock::keep() {
  keep_at_ = monotonic_.now() + keep_every;
  const Status kept = site::write_file(file_, to_rfc3339(guarded_->now()) + "\n");
  if (!kept && !complained_) log::error("clock.not_kept", {{"why", kept.error().message}});
  complained_ = !kept;
}

}  // namespace bayward
