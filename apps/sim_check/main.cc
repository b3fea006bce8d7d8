// bayward-sim-check: runs the deterministic simulation for many seeds, or for one again. Exit code 0: nothing found;
// 1: a checker found something; 2: the arguments are wrong.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/check.h"
#include "sim/det/simulation.h"

namespace bayward {
namespace {

using sim::Mark;
using sim::SimulationReport;

constexpr std::string_view usage =
    "usage: bayward-sim-check [--seeds N | --seed S] [--first S] [--steps M] [--threads T] [--trace]\n"
    "\n"
    "  --seeds N    that many seeds, from --first on (default 200)\n"
    "  --first S    the first seed (default 1)\n"
    "  --seed S     one seed, told in detail\n"
    "  --steps M    steps of the busy part of each seed (default 6000)\n"
    "  --threads T  seeds run at the same time (default: as many as processors)\n"
    "  --trace      prints every record of the journal\n"
    "\n"
    "Every fiftieth seed runs twice and must end the same. The last line is `seeds=N steps=M failures=F`.\n";

struct Options {
  uint64_t first = 1;
  uint64_t seeds = 200;
  bool one = false;
  bool trace = false;
  uint64_t steps = sim::SimulationOptions{}.steps_max;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
};

std::optional<uint64_t> number(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Nothing: `complaint` says why.
std::optional<Options> parse(int argc, char** argv, std::string& complaint) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--trace") {
      options.trace = true;
      continue;
    }
    const auto value = i + 1 < argc ? number(argv[i + 1]) : std::nullopt;
    ++i;
    if (!value) {
      complaint = std::string(name) + " needs a number";
      return std::nullopt;
    }
    if (name == "--seeds" && *value > 0) {
      options.seeds = *value;
    } else if (name == "--first") {
      options.first = *value;
    } else if (name == "--seed") {
      options.first = *value;
      options.seeds = 1;
      options.one = true;
    } else if (name == "--steps" && *value > 0) {
      options.steps = *value;
    } else if (name == "--threads" && *value > 0 && *value <= 256) {
      options.threads = static_cast<unsigned>(*value);
    } else {
      complaint = "unknown option, or not a value for it: " + std::string(name) + " " + argv[i];
      return std::nullopt;
    }
  }
  return options;
}

std::string commit() {
  if (const char* given = std::getenv("BAYWARD_COMMIT")) return given;
  std::string out;
  if (FILE* git = ::popen("git rev-parse --short HEAD 2>/dev/null", "r")) {
    char line[64] = {};
    if (std::fgets(line, sizeof line, git)) out = line;
    ::pclose(git);
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out.empty() ? "unknown" : out;
}

std::string repeat_command(uint64_t seed, const Options& options) {
  std::string out = "./dev sim --seed " + std::to_string(seed);
  if (options.steps != sim::SimulationOptions{}.steps_max) out += " --steps " + std::to_string(options.steps);
  return out;
}

// The seed that this thread runs, for the handler of a failed CHECK: nothing comes after it.
thread_local uint64_t running_seed = 0;

void tell_failed_check(const char* condition, const char* file, int line) {
  std::printf("seed %llu FAILED\n  check: %s at %s:%d\n  repeat: ./dev sim --seed %llu\n",
              static_cast<unsigned long long>(running_seed), condition, file, line,
              static_cast<unsigned long long>(running_seed));
  std::fflush(stdout);
}

void print_line(const std::string& line) {
  std::printf("%s\n", line.c_str());
}

// Runs the seeds on several threads and hands the reports out in order of the seeds.
class Runs {
 public:
  explicit Runs(const Options& options) : options_(options), next_(options.first) {
    for (unsigned i = 0; i < std::min<uint64_t>(options.threads, options.seeds); ++i) {
      threads_.emplace_back([this] { work(); });
    }
  }
  ~Runs() {
    for (std::thread& thread : threads_) thread.join();
  }

  SimulationReport take(uint64_t seed) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return done_.contains(seed); });
    SimulationReport report = std::move(done_.at(seed));
    done_.erase(seed);
    return report;
  }

 private:
  void work() {
    for (uint64_t seed = next_++; seed < options_.first + options_.seeds; seed = next_++) {
      running_seed = seed;
      SimulationReport report = sim::simulate({seed, options_.steps, options_.trace ? print_line : nullptr});
      if (!report.problems.any() && (seed % 50 == 0 || options_.one)) {
        const SimulationReport again = sim::simulate({seed, options_.steps, nullptr});
        if (again.hash != report.hash || again.steps != report.steps) {
          report.problems.report("repeatable", "the same seed ended differently the second time");
        }
      }
      const std::lock_guard lock(mutex_);
      done_.emplace(seed, std::move(report));
      ready_.notify_all();
    }
  }

  const Options options_;
  std::atomic<uint64_t> next_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::map<uint64_t, SimulationReport> done_;
  std::vector<std::thread> threads_;
};

void tell_failure(const SimulationReport& report, const Options& options) {
  std::printf("seed %llu FAILED (%s)\n", static_cast<unsigned long long>(report.seed), report.town.c_str());
  for (const sim::Problem& problem : report.problems.all()) {
    std::printf("  %s: %s\n", problem.checker.c_str(), problem.what.c_str());
  }
  std::printf("  repeat: %s\n", repeat_command(report.seed, options).c_str());
}

void tell_one(const SimulationReport& report) {
  std::printf("%s; %llu records, %llu bookings, %llu sessions, hash %016llx\n", report.town.c_str(),
              static_cast<unsigned long long>(report.records), static_cast<unsigned long long>(report.bookings),
              static_cast<unsigned long long>(report.sessions), static_cast<unsigned long long>(report.hash));
}

void tell_marks(const sim::Marks& marks) {
  std::string missed;
  for (size_t i = 0; i < sim::mark_count; ++i) {
    const auto mark = static_cast<Mark>(i);
    std::printf("  %-26s %llu\n", std::string(sim::to_text(mark)).c_str(),
                static_cast<unsigned long long>(marks.hits(mark)));
    if (marks.hits(mark) == 0) missed += (missed.empty() ? "" : ", ") + std::string(sim::to_text(mark));
  }
  std::printf("marks not hit: %s\n", missed.empty() ? "none" : missed.c_str());
}

int run(const Options& options) {
  const std::string command = options.one
                                  ? repeat_command(options.first, options)
                                  : "./dev sim --seeds " + std::to_string(options.seeds) + " --first " +
                                        std::to_string(options.first) + " --steps " + std::to_string(options.steps);
  const std::string heading = "seed " + std::to_string(options.first) + ", commit " + commit() + ", repeat: " + command;
  std::printf("%s\n", heading.c_str());
  Runs runs(options);
  sim::Marks marks;
  uint64_t steps = 0;
  uint64_t failures = 0;
  for (uint64_t seed = options.first; seed < options.first + options.seeds; ++seed) {
    const SimulationReport report = runs.take(seed);
    steps += report.steps;
    marks.add(report.marks);
    if (report.problems.any()) {
      ++failures;
      tell_failure(report, options);
    }
    if (options.one) tell_one(report);
    const unsigned long long done = seed - options.first + 1;
    if (!options.one && done % 100 == 0) std::printf("%llu seeds done\n", done);
    std::fflush(stdout);
  }
  tell_marks(marks);
  std::printf("%s\n", heading.c_str());
  std::printf("seeds=%llu steps=%llu failures=%llu\n", static_cast<unsigned long long>(options.seeds),
              static_cast<unsigned long long>(steps), static_cast<unsigned long long>(failures));
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace bayward

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--help") {
    std::printf("%s", std::string(bayward::usage).c_str());
    return 0;
  }
  std::string complaint;
  const auto options = bayward::parse(argc, argv, complaint);
  if (!options) {
    std::fprintf(stderr, "bayward-sim-check: %s\n%s", complaint.c_str(), std::string(bayward::usage).c_str());
    return 2;
  }
  bayward::set_check_handler(bayward::tell_failed_check);
  return bayward::run(*options);
}
