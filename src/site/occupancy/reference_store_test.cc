#include "site/occupancy/reference_store.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "site/occupancy/testing/rendered_bay.h"

namespace bayward::site {
namespace {

struct Directory {
  Directory() {
    std::string name = ::testing::TempDir() + "references-XXXXXX";
    path = mkdtemp(name.data());
  }
  ~Directory() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

TEST(ReferenceStore, ARestartKnowsTheEmptyBay) {
  const Directory directory;
  const ReferenceStore store(directory.path / "references");
  ReferenceDetector before;
  ASSERT_TRUE(before.learn(BayId{9}, render({})));
  ASSERT_TRUE(store.keep(before, BayId{9}).ok());
  ReferenceDetector after;
  EXPECT_TRUE(store.load(after).empty());
  EXPECT_EQ(after.look(BayId{9}, render({.noise_seed = 5})).occupancy, Occupancy::empty);
}

TEST(ReferenceStore, DamagedFilesAreToldAndLeftAlone) {
  const Directory directory;
  const ReferenceStore store(directory.path);
  std::ofstream(directory.path / "bay-1.png") << "not a picture";
  std::ofstream(directory.path / "holiday.png") << "not a bay";
  ReferenceDetector detector;
  const auto wrong = store.load(detector);
  ASSERT_EQ(wrong.size(), 2U);
  EXPECT_NE(wrong[0].find("bay-1.png: the picture is neither JPEG nor PNG"), std::string::npos);
  EXPECT_NE(wrong[1].find("not named for a bay"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(directory.path / "bay-1.png"));
}

TEST(ReferenceStore, ADirectoryThatCannotBeWrittenIsAFailureNotACrash) {
  const ReferenceStore store("/proc/nowhere");
  ReferenceDetector detector;
  ASSERT_TRUE(detector.learn(BayId{9}, render({})));
  const Status kept = store.keep(detector, BayId{9});
  ASSERT_FALSE(kept.ok());
  EXPECT_NE(kept.error().message.find("cannot create"), std::string::npos);
}

}  // namespace
}  // namespace bayward::site
