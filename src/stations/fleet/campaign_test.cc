#include "stations/fleet/campaign.h"

#include <gmock/gmock.h>

namespace bayward::stations {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

const Instant begin = from_unix_s(1'800'000'000);

CampaignPlan plan_of(std::vector<CampaignStage> stages) {
  CampaignPlan plan;
  plan.package = {0, "https://maker.example/fw.bin", "2.0", "c2ln", "PEM"};
  plan.group.vendor = "Bay";
  plan.stages = std::move(stages);
  plan.tries = 2;
  return plan;
}

Campaign campaign_of(size_t stations, CampaignPlan plan = plan_of({{1, 0}, {0, 10}, {0, 100}})) {
  Campaign out;
  out.number = 3;
  out.plan = std::move(plan);
  for (size_t i = 0; i < stations; ++i) out.stations.emplace_back().station = StationId{i + 1};
  split_into_stages(out, begin);
  return out;
}

std::vector<uint32_t> stages_of(const Campaign& campaign) {
  std::vector<uint32_t> out;
  for (const CampaignStation& one : campaign.stations) out.push_back(one.stage);
  return out;
}

void install(Campaign& campaign, size_t index, Instant now) {
  const int64_t request = begin_try(campaign, index, now);
  reply_came(campaign, index, FirmwareReply::accepted, "Accepted", now);
  EXPECT_EQ(status_came(campaign, campaign.stations[index].station, request, "Installed", now), index);
}

void break_down(Campaign& campaign, size_t index, Instant now) {
  for (int i = 0; i < campaign.plan.tries; ++i) {
    const int64_t request = begin_try(campaign, index, now);
    EXPECT_EQ(status_came(campaign, campaign.stations[index].station, request, "InstallationFailed", now), index);
  }
}

bool moved(Campaign& campaign, Instant now) {
  Touched touched;
  return move_on(campaign, now, touched);
}

TEST(Campaign, StagesAreNumbersAndSharesAndTheLastTakesTheRest) {
  EXPECT_THAT(stages_of(campaign_of(12)), ElementsAre(0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2));
  EXPECT_THAT(stages_of(campaign_of(1)), ElementsAre(0));
  EXPECT_THAT(stages_of(campaign_of(3, plan_of({{0, 50}}))), ElementsAre(0, 0, 0));
  // A stage without stations is passed over.
  EXPECT_THAT(stages_of(campaign_of(4, plan_of({{2, 0}, {0, 25}, {0, 100}}))), ElementsAre(0, 0, 2, 2));
}

TEST(Campaign, TheNextStageBeginsWhenEveryStationOfTheOneBeforeIsThrough) {
  Campaign campaign = campaign_of(4, plan_of({{1, 0}, {3, 0}, {0, 100}}));
  EXPECT_THAT(next_to_ask(campaign, begin), ElementsAre(0));
  EXPECT_FALSE(moved(campaign, begin));
  install(campaign, 0, begin);
  EXPECT_TRUE(moved(campaign, begin));
  EXPECT_THAT(next_to_ask(campaign, begin), ElementsAre(1, 2));
  install(campaign, 1, begin);
  EXPECT_FALSE(moved(campaign, begin));
  install(campaign, 2, begin);
  EXPECT_TRUE(moved(campaign, begin));
  install(campaign, 3, begin);
  EXPECT_TRUE(moved(campaign, begin));
  EXPECT_EQ(campaign.phase, CampaignPhase::done);
  EXPECT_THAT(count_steps(campaign), ElementsAre(Pair(CampaignStep::installed, 4)));
}

TEST(Campaign, MoreFailuresThanAllowedPauseItAtOnceAndItSaysSo) {
  CampaignPlan plan = plan_of({{0, 50}, {0, 100}});
  plan.failures_percent = 20;
  Campaign campaign = campaign_of(20, plan);
  break_down(campaign, 0, begin);
  break_down(campaign, 1, begin);
  EXPECT_FALSE(moved(campaign, begin));  // 2 of 10: as many as allowed
  break_down(campaign, 2, begin);
  EXPECT_TRUE(moved(campaign, begin));
  EXPECT_EQ(campaign.phase, CampaignPhase::paused);
  EXPECT_EQ(campaign.why, "stage 1: 3 of 10 stations failed, more than 20 %");
  EXPECT_THAT(next_to_ask(campaign, begin + 24h), IsEmpty());
}

TEST(Campaign, ResumedItAcceptsWhatFailedOrTriesItAnew) {
  for (const bool retry : {false, true}) {
    Campaign campaign = campaign_of(2, plan_of({{1, 0}, {0, 100}}));
    break_down(campaign, 0, begin);
    EXPECT_TRUE(moved(campaign, begin));
    Touched touched;
    std::string why;
    ASSERT_TRUE(steer(campaign, {CampaignOrder::What::resume, retry, {}}, begin + 1h, touched, why));
    EXPECT_THAT(touched, SizeIs(retry ? 1 : 0));
    EXPECT_EQ(moved(campaign, begin + 1h), !retry);
    EXPECT_EQ(campaign.phase, CampaignPhase::running);
    EXPECT_THAT(next_to_ask(campaign, begin + 1h), ElementsAre(retry ? 0 : 1));
  }
}

TEST(Campaign, AStationIsTriedAFewTimesWithPausesBetween) {
  Campaign campaign = campaign_of(1);
  campaign.plan.tries = 3;
  (void)begin_try(campaign, 0, begin);
  reply_came(campaign, 0, FirmwareReply::silent, "", begin);
  EXPECT_THAT(next_to_ask(campaign, begin + 4min), IsEmpty());
  EXPECT_THAT(next_to_ask(campaign, begin + 5min), ElementsAre(0));
  const int64_t second = begin_try(campaign, 0, begin + 5min);
  EXPECT_TRUE(status_came(campaign, StationId{1}, second, "DownloadFailed", begin + 6min));
  EXPECT_THAT(next_to_ask(campaign, begin + 15min), IsEmpty());
  (void)begin_try(campaign, 0, begin + 16min);
  reply_came(campaign, 0, FirmwareReply::refused, "Rejected", begin + 16min);
  EXPECT_EQ(campaign.stations[0].step, CampaignStep::failed);
  EXPECT_EQ(campaign.stations[0].word, "Rejected");
}

TEST(Campaign, WhatCanNeverSucceedIsNotTriedAgain) {
  Campaign campaign = campaign_of(2);
  (void)begin_try(campaign, 0, begin);
  reply_came(campaign, 0, FirmwareReply::never, "InvalidCertificate", begin);
  EXPECT_EQ(campaign.stations[0].step, CampaignStep::failed);
  const int64_t request = begin_try(campaign, 1, begin);
  EXPECT_TRUE(status_came(campaign, StationId{2}, request, "InvalidSignature", begin));
  EXPECT_EQ(campaign.stations[1].step, CampaignStep::failed);
}

TEST(Campaign, AStatusBelongsToTheTryItNames) {
  Campaign campaign = campaign_of(1);
  const int64_t first = begin_try(campaign, 0, begin);
  reply_came(campaign, 0, FirmwareReply::silent, "", begin);
  const int64_t second = begin_try(campaign, 0, begin + 5min);
  EXPECT_NE(first, second);
  EXPECT_LT(second, int64_t{1} << 31);
  EXPECT_FALSE(status_came(campaign, StationId{1}, first, "Installed", begin + 5min));
  EXPECT_FALSE(status_came(campaign, StationId{2}, second, "Installed", begin + 5min));
  EXPECT_FALSE(status_came(campaign, StationId{1}, second, "Idle", begin + 5min));
  // Faster than the answer to the call; and 1.6 names none.
  EXPECT_TRUE(status_came(campaign, StationId{1}, std::nullopt, "Downloading", begin + 5min));
  reply_came(campaign, 0, FirmwareReply::accepted, "Accepted", begin + 5min);
  EXPECT_EQ(campaign.stations[0].word, "Downloading");
}

TEST(Campaign, SilenceEndsATryAndSoDoesAnEndlessDownload) {
  Campaign campaign = campaign_of(1);
  const int64_t request = begin_try(campaign, 0, begin);
  reply_came(campaign, 0, FirmwareReply::accepted, "Accepted", begin);
  EXPECT_TRUE(status_came(campaign, StationId{1}, request, "Downloading", begin + 59min));
  (void)moved(campaign, begin + 118min);
  EXPECT_EQ(campaign.stations[0].step, CampaignStep::working);
  (void)moved(campaign, begin + 119min);
  EXPECT_EQ(campaign.stations[0].step, CampaignStep::waiting);
  EXPECT_THAT(campaign.stations[0].word, HasSubstr("no end for 119 min after Downloading"));
  const Instant again = begin + 3h;
  const int64_t second = begin_try(campaign, 0, again);
  for (int i = 0; i <= 12; ++i) (void)status_came(campaign, StationId{1}, second, "Downloading", again + i * 30min);
  (void)moved(campaign, again + 6h);
  EXPECT_EQ(campaign.stations[0].step, CampaignStep::failed);
}

TEST(Campaign, AStationThatIsNeverThereDoesNotHoldTheStageForEver) {
  Campaign campaign = campaign_of(2, plan_of({{2, 0}}));
  install(campaign, 0, begin);
  (void)moved(campaign, begin + 6 * 24h);
  EXPECT_EQ(campaign.phase, CampaignPhase::running);
  EXPECT_TRUE(moved(campaign, begin + 7 * 24h));
  EXPECT_EQ(campaign.stations[1].step, CampaignStep::unreachable);
  EXPECT_EQ(campaign.phase, CampaignPhase::done);  // it didn't fail
}

TEST(Campaign, TheVersionAtABootIsAnEnd) {
  Campaign campaign = campaign_of(2);
  EXPECT_FALSE(booted_with(campaign, StationId{1}, "1.9", begin));
  EXPECT_EQ(booted_with(campaign, StationId{1}, "2.0", begin), 0u);
  EXPECT_FALSE(booted_with(campaign, StationId{1}, "2.0", begin));
  EXPECT_EQ(campaign.stations[0].step, CampaignStep::installed);
  campaign.plan.package.version.clear();
  EXPECT_FALSE(booted_with(campaign, StationId{2}, "", begin));
}

TEST(Campaign, AtMostSoManyAreAtWork) {
  CampaignPlan plan = plan_of({{0, 100}});
  plan.at_once = 2;
  Campaign campaign = campaign_of(5, plan);
  EXPECT_EQ(room_for(campaign), 2u);
  (void)begin_try(campaign, 0, begin);
  (void)begin_try(campaign, 1, begin);
  EXPECT_EQ(room_for(campaign), 0u);
  reply_came(campaign, 0, FirmwareReply::refused, "Rejected", begin);
  EXPECT_EQ(room_for(campaign), 1u);
}

TEST(Campaign, StaffPausesCancelsAndNothingWakesWhatIsOver) {
  Campaign campaign = campaign_of(2);
  Touched touched;
  std::string why;
  EXPECT_TRUE(steer(campaign, {CampaignOrder::What::pause, false, {}}, begin, touched, why));
  EXPECT_EQ(campaign.why, "paused by staff");
  const int64_t request = begin_try(campaign, 0, begin);
  EXPECT_TRUE(steer(campaign, {CampaignOrder::What::cancel, false, {}}, begin, touched, why));
  EXPECT_THAT(next_to_ask(campaign, begin), IsEmpty());
  EXPECT_TRUE(status_came(campaign, StationId{1}, request, "Installed", begin));  // what was asked is still followed
  EXPECT_FALSE(steer(campaign, {CampaignOrder::What::resume, false, {}}, begin, touched, why));
  EXPECT_EQ(why, "the campaign is over");
}

TEST(Campaign, AfterARestartWhoeverWasBeingAskedIsAskedAgainAndWhoWorksGoesOn) {
  Campaign campaign = campaign_of(2, plan_of({{0, 100}}));
  (void)begin_try(campaign, 0, begin);
  (void)begin_try(campaign, 1, begin);
  reply_came(campaign, 1, FirmwareReply::accepted, "Accepted", begin);
  Touched touched;
  after_restart(campaign, touched);
  EXPECT_THAT(touched, ElementsAre(0));
  EXPECT_THAT(next_to_ask(campaign, begin), ElementsAre(0));
  EXPECT_EQ(campaign.stations[0].tries, 0);
  EXPECT_EQ(campaign.stations[1].step, CampaignStep::working);
}

TEST(Campaign, TheWindowMayGoOverMidnight) {
  CampaignPlan plan;
  EXPECT_TRUE(in_window(plan, 700));
  plan.window_from = 22 * 60;
  plan.window_to = 5 * 60;
  EXPECT_TRUE(in_window(plan, 23 * 60));
  EXPECT_TRUE(in_window(plan, 0));
  EXPECT_FALSE(in_window(plan, 5 * 60));
  plan.window_from = 60;
  EXPECT_TRUE(in_window(plan, 60));
  EXPECT_FALSE(in_window(plan, 59));
}

TEST(Campaign, APlanSaysWhatIsWrongWithIt) {
  const CampaignPlan good = plan_of({{1, 0}});
  EXPECT_EQ(defect_of(good), std::nullopt);
  const auto wrong = [&](auto change) {
    CampaignPlan plan = good;
    change(plan);
    return defect_of(plan).value_or("");
  };
  EXPECT_THAT(wrong([](auto& p) { p.package.location.clear(); }), HasSubstr("image or a location"));
  EXPECT_THAT(wrong([](auto& p) { p.package.certificate.clear(); }), HasSubstr("go together"));
  EXPECT_THAT(wrong([](auto& p) { p.package.certificate.clear(), p.package.signature.clear(); }),
              HasSubstr("unsigned_allowed"));
  EXPECT_THAT(wrong([](auto& p) { p.group = {}; }), HasSubstr("which stations"));
  EXPECT_THAT(wrong([](auto& p) { p.stages.clear(); }), HasSubstr("stages"));
  EXPECT_THAT(wrong([](auto& p) { p.stages = {{0, 101}}; }), HasSubstr("percent"));
  EXPECT_THAT(wrong([](auto& p) { p.at_once = 0; }), HasSubstr("at once"));
  EXPECT_THAT(wrong([](auto& p) { p.tries = 0; }), HasSubstr("tries"));
}

}  // namespace
}  // namespace bayward::stations
