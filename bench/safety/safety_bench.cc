// From a sample beyond its limit to the "open" output: the computing time of one step of bay/safety, held against the 1
// ms that a bay is given for it. What goes in varies, so that no branch is learnt by heart.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "base/prng.h"
#include "bay/safety/testing/samples.h"

namespace {

using namespace bayward::bay::safety;
using Clock = std::chrono::steady_clock;

constexpr size_t trips = 200'000;
constexpr double allowed_ns = 1e6;

// Values that must open in the very step they are seen.
struct Cause {
  Channel channel;
  int32_t value;
};
constexpr Cause causes[] = {
    {Channel::cable_temperature, 160'000},
    {Channel::connector_temperature, 125'000},
    {Channel::residual_ac, 30'000},
    {Channel::residual_dc, 6'000},
    {Channel::current_l2, 96'000},
    {Channel::voltage_l1, 276'000},
    {Channel::smoke, 1},
    {Channel::emergency_stop, 1},
    {Channel::earth, 0},
    {Channel::lock, 0},
    {Channel::pilot, 4},
    {Channel::current_l1, -1},
};

double at(const std::vector<double>& sorted, double part) {
  return sorted[static_cast<size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main() {
  bayward::Prng random(1);
  testing::Bench bay;
  bay.charge();
  const State charging = bay.state();
  std::vector<double> taken_ns;
  taken_ns.reserve(trips);
  size_t opened = 0;
  for (size_t i = 0; i < trips; ++i) {
    const Uptime now = charging.now + bayward::Duration{10};
    Sample sample = testing::healthy(now);
    sample.set(Channel::contactor_feedback, 1, now);
    sample.set(Channel::connector_temperature, static_cast<int32_t>(random.between(20'000, 40'000)), now);
    const Cause& cause = causes[random.below(std::size(causes))];
    sample.set(cause.channel, cause.value, now);
    const auto began = Clock::now();
    const Step next = step(testing::test_config(), charging, sample, testing::charging(), now);
    taken_ns.push_back(std::chrono::duration<double, std::nano>(Clock::now() - began).count());
    opened += next.outputs.close ? 0 : 1;
  }
  std::sort(taken_ns.begin(), taken_ns.end());
  const double p99 = at(taken_ns, 0.99);
  std::printf("steps %zu, opened in the same step %zu\n", trips, opened);
  std::printf("p50 %.0f ns  p99 %.0f ns  p99.9 %.0f ns  most %.0f ns\n", at(taken_ns, 0.5), p99, at(taken_ns, 0.999),
              taken_ns.back());
  std::printf("safety ours=%.0fns peer=%.0fns ratio=%.1f\n", p99, allowed_ns, allowed_ns / p99);
  return opened == trips ? 0 : 1;
}
