// Random sites of twelve gateways on links that lose, repeat, delay and reorder: what always holds.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mesh/test_site.h"

namespace bayward::mesh::test {
namespace {

constexpr size_t gateways = 12;

// A tree, so that all are joined, and some links or switches more.
Segments random_segments(Prng& prng) {
  Segments out;
  for (size_t i = 1; i < gateways; ++i) {
    const size_t parent = prng.below(i);
    // On the parent's switch, or by a cable of its own. A gateway has at most 8 interfaces.
    const auto joined =
        std::ranges::find_if(out, [&](const auto& segment) { return std::ranges::count(segment, parent) > 0; });
    const auto degree =
        std::ranges::count_if(out, [&](const auto& segment) { return std::ranges::count(segment, parent) > 0; });
    if (joined != out.end() && (prng.chance(1, 3) || degree >= 6)) {
      joined->push_back(i);
    } else {
      out.push_back({parent, i});
    }
  }
  for (uint64_t more = prng.below(3); more > 0; --more) {
    const size_t a = prng.below(gateways);
    const size_t b = prng.below(gateways);
    if (a != b) out.push_back({a, b});
  }
  return out;
}

MemoryBus::Faults random_faults(Prng& prng) {
  MemoryBus::Faults out;
  out.loss_per_mille = static_cast<uint32_t>(prng.below(201));
  out.duplicate_per_mille = static_cast<uint32_t>(prng.below(101));
  out.reorder_per_mille = static_cast<uint32_t>(prng.below(301));
  out.delay_max = Duration{prng.between(0, 5)};
  return out;
}

bool all_have(Site& site, const AlarmId& id, bool cleared) {
  for (size_t i = 0; i < gateways; ++i) {
    if (!site.has_alarm(i, id, cleared)) return false;
  }
  return true;
}

RC_GTEST_PROP(MeshProperty, EveryAlarmReachesAllAcksSettleAndOneControllerActs, ()) {
  const auto seed = *rc::gen::arbitrary<uint64_t>();
  Prng prng(seed);
  const Segments segments = random_segments(prng);
  Site site(gateways, segments, random_faults(prng), seed);
  for (size_t i = 0; i < gateways; ++i) site.config(i).controller_priority = static_cast<uint8_t>(prng.below(4));
  site.start_all();
  RC_ASSERT(site.converge(60s));
  site.run(3s);

  const size_t origin = prng.below(gateways);
  const auto id = site.driver(origin).raise_alarm(fire_at("A1"));
  RC_ASSERT(id.ok());
  RC_ASSERT(site.run_until([&] { return all_have(site, *id, false); }, 5s));
  RC_ASSERT(site.run_until([&] { return site.count<AlarmAcked>(origin) == gateways - 1; }, 20s));
  RC_ASSERT(site.driver(prng.below(gateways)).all_clear(*id).ok());
  RC_ASSERT(site.run_until([&] { return all_have(site, *id, true); }, 5s));
  for (size_t i = 0; i < gateways; ++i) {
    if (i == origin) continue;
    RC_ASSERT(site.count<AlarmReceived>(i) == 1u);
  }

  // Nobody is lost to a noisy link for good, and all agree on one controller.
  RC_ASSERT(site.run_until(
      [&] {
        const auto agreed = site.node(0).controller();
        for (size_t i = 0; i < gateways; ++i) {
          if (site.node(i).controller() != agreed) return false;
        }
        return site.all_know_all();
      },
      30s));
}

// A storm would grow with the number of paths, or never end.
RC_GTEST_PROP(MeshProperty, TheFramesOfOneAlarmAreBounded, ()) {
  const auto seed = *rc::gen::arbitrary<uint64_t>();
  Prng prng(seed);
  const Segments segments = random_segments(prng);
  size_t ports = 0;
  for (const auto& segment : segments) ports += segment.size();
  const auto frames_of_half_a_minute = [&](Site& site) {
    const uint64_t before = site.bus.frames_sent();
    site.run(30s);
    return site.bus.frames_sent() - before;
  };
  Site site(gateways, segments, random_faults(prng), seed);
  site.start_all();
  RC_ASSERT(site.converge(60s));
  site.run(10s);
  const uint64_t background = frames_of_half_a_minute(site);
  RC_ASSERT(site.driver(prng.below(gateways)).raise_alarm(fire_at("A1")).ok());
  const uint64_t with_alarm = frames_of_half_a_minute(site);
  const uint64_t more = with_alarm > background ? with_alarm - background : 0;
  // Each port tells of each of the twelve holders at most a few times over.
  RC_ASSERT(more < ports * gateways * 4);
}

}  // namespace
}  // namespace bayward::mesh::test
