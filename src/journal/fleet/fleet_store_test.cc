#include "journal/fleet/fleet_store.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/limits.h"
#include "journal/fleet/firmware_files.h"
#include "journal/testing.h"
#include "ports/fake_vault.h"

namespace bayward {
namespace {

const Instant now = from_unix_s(1'800'000'000);

class FleetStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { reopen(); }
  void reopen() {
    images_.reset();
    store_.reset();
    auto store = FleetStore::open(directory_.path());
    ASSERT_TRUE(store.ok()) << store.error().message;
    store_ = *std::move(store);
    auto images = FirmwareFiles::open(directory_.path(), *store_, passwords_);
    ASSERT_TRUE(images.ok()) << images.error().message;
    images_ = *std::move(images);
  }
  FirmwareImage add(const std::string& file) {
    FirmwareImage image;
    image.file = file;
    image.version = "2.0";
    image.added_by = AccountId{1};
    image.added_at = now;
    auto added = images_->add(image);
    EXPECT_TRUE(added.ok());
    return *added;
  }

  testing_support::TemporaryDirectory directory_;
  FakePasswords passwords_;
  std::unique_ptr<FleetStore> store_;
  std::unique_ptr<FirmwareFiles> images_;
};

TEST_F(FleetStoreTest, DocumentsOutliveTheProcessAreReplacedAndGo) {
  const std::string binary("a\0b", 3);
  ASSERT_TRUE(store_
                  ->put_all({{FleetKind::campaign, 2, 0, "two"},
                             {FleetKind::campaign, 1, 0, binary},
                             {FleetKind::campaign_station, 1, 7, "seven"},
                             {FleetKind::setting_set, 1, 0, "set"}})
                  .ok());
  ASSERT_TRUE(
      store_->put_all({{FleetKind::campaign, 2, 0, "anew"}, {FleetKind::setting_set, 1, 0, std::nullopt}}).ok());
  reopen();
  const auto campaigns = store_->read(FleetKind::campaign);
  ASSERT_TRUE(campaigns.ok());
  ASSERT_EQ(campaigns->size(), 2u);
  EXPECT_EQ(campaigns->at(0).body, binary);
  EXPECT_EQ(campaigns->at(1).body, "anew");
  const auto stations = store_->read(FleetKind::campaign_station);
  ASSERT_EQ(stations->size(), 1u);
  EXPECT_EQ(stations->at(0).item, 7u);
  EXPECT_TRUE(store_->read(FleetKind::setting_set)->empty());
}

TEST_F(FleetStoreTest, AnImageComesOnceToItsOwnUrlAndOutlivesTheProcess) {
  const FirmwareImage image = add("pile.bin");
  EXPECT_TRUE(images_->awaits(image.token));
  EXPECT_FALSE(images_->awaits("guessed"));
  EXPECT_FALSE(*images_->take("guessed", "x", now));
  EXPECT_EQ(*images_->content(image.token), nullptr);
  EXPECT_TRUE(*images_->take(image.token, "firmware", now));
  EXPECT_FALSE(images_->awaits(image.token));
  EXPECT_FALSE(*images_->take(image.token, "another", now));
  reopen();
  ASSERT_EQ(images_->list().size(), 1u);
  EXPECT_EQ(images_->list()[0].sha256, "c3bf47ea1f4a4a605470313cacb3a44f4a461f68c6faeab07e737610cb5ac835")
      << "the digest of \"firmware\"";
  const auto first = images_->content(image.token);
  ASSERT_NE(*first, nullptr);
  EXPECT_EQ(**first, "firmware");
  EXPECT_EQ(first->get(), images_->content(image.token)->get());  // shared
}

TEST_F(FleetStoreTest, AnImageThatWasChangedOnTheDiskIsNotGivenOut) {
  const FirmwareImage image = add("pile.bin");
  EXPECT_TRUE(*images_->take(image.token, "firmware", now));
  std::ofstream(directory_.path() / "firmware" / "1.bin") << "other";
  EXPECT_FALSE(images_->content(image.token).ok());
}

TEST_F(FleetStoreTest, ImagesAreBoundedAndDeleted) {
  FirmwareImage first;
  for (size_t i = 0; i < limits::firmware_images; ++i) {
    const FirmwareImage image = add("f" + std::to_string(i));
    if (i == 0) first = image;
  }
  EXPECT_FALSE(images_->add({}).ok());
  EXPECT_TRUE(*images_->take(first.token, "content", now));
  EXPECT_TRUE(*images_->remove(first.number));
  EXPECT_FALSE(*images_->remove(first.number));
  EXPECT_EQ(*images_->content(first.token), nullptr);
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "firmware" / "1.bin"));
  EXPECT_TRUE(images_->add({}).ok());
}

}  // namespace
}  // namespace bayward
