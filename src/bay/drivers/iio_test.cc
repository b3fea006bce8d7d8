// Linux Industrial I/O against a directory tree that the test makes.
#include "bay/drivers/iio.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "bay/drivers/iio_device.h"

namespace bayward::bay {
namespace {

using safety::Channel;

Uptime uptime() {
  return std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

class Iio : public ::testing::Test {
 protected:
  Iio() : tree(std::filesystem::path(::testing::TempDir()) / ("iio_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(tree);
    put("iio:device3/name", "ads1115\n");
  }
  ~Iio() override { std::filesystem::remove_all(tree); }

  // Whole or not at all, as sysfs gives it.
  void put(const std::string& file, const std::string& text) {
    std::filesystem::create_directories((tree / file).parent_path());
    std::ofstream(tree / "part") << text;
    std::filesystem::rename(tree / "part", tree / file);
  }
  Result<double> read(const std::string& channel) { return IioDevice(tree, "ads1115").read(channel); }

  const std::filesystem::path tree;
};

TEST_F(Iio, RawOffsetAndScaleGiveTheKernelsUnit) {
  put("iio:device3/in_temp0_raw", "1000\n");
  put("iio:device3/in_temp0_offset", "-200\n");
  put("iio:device3/in_temp0_scale", "31.25\n");
  EXPECT_EQ(*read("in_temp0"), 25'000);
}

TEST_F(Iio, ChannelsOfOneTypeMayShareTheirScaleAndInputNeedsNone) {
  put("iio:device3/in_voltage2_raw", "16\n");
  put("iio:device3/in_voltage_scale", "0.125\n");
  put("iio:device3/in_current0_input", "15900\n");
  EXPECT_EQ(*read("in_voltage2"), 2);
  EXPECT_EQ(*read("in_current0"), 15'900);
}

TEST_F(Iio, WhatIsMissingOrNoNumberSaysWhatToLookAt) {
  EXPECT_NE(IioDevice(tree, "max31856").read("in_temp").error().message.find("there is no IIO device 'max31856'"),
            std::string::npos);
  EXPECT_NE(read("in_temp9").error().message.find("neither in_temp9_raw nor in_temp9_input"), std::string::npos);
  for (const char* nonsense : {"", "\n", "nan", "inf", "12 34", "0x10", "25000mC",
                               "1000000000000000000000000000000000000000000000000000000000000000000000000000"}) {
    put("iio:device3/in_temp0_raw", nonsense);
    EXPECT_FALSE(read("in_temp0")) << nonsense;
  }
  put("iio:device3/in_temp0_raw", "1\n");
  put("iio:device3/in_temp0_scale", "much\n");
  EXPECT_NE(read("in_temp0").error().message.find("'much' is no number"), std::string::npos);
}

TEST_F(Iio, ADeviceThatComesBackUnderAnotherNumberIsFoundByItsName) {
  put("iio:device3/in_temp0_input", "20000\n");
  IioDevice device(tree, "ads1115");
  EXPECT_EQ(*device.read("in_temp0"), 20'000);
  std::filesystem::remove_all(tree / "iio:device3");
  EXPECT_FALSE(device.read("in_temp0"));
  device.look_anew();
  put("iio:device0/name", "ads1115\n");
  put("iio:device0/in_temp0_input", "21000\n");
  EXPECT_EQ(*device.read("in_temp0"), 21'000);
}

TEST(IioValue, ThePilotIsReadByItsLevelAndNothingBetweenTwo) {
  const IioPoint pilot{Channel::pilot, "", "", 4, -6'000};  // a divider and a shift before the converter
  const auto at = [&](double mv) { return iio_value(pilot, (mv + 6'000) / 4); };
  EXPECT_EQ(at(12'000), 0);
  EXPECT_EQ(at(9'400), 1);
  EXPECT_EQ(at(5'100), 2);
  EXPECT_EQ(at(3'000), 3);
  EXPECT_EQ(at(-300), 4);
  EXPECT_EQ(at(-12'000), 5);
  EXPECT_EQ(at(7'500), std::nullopt);
  EXPECT_EQ(at(20'000), std::nullopt);
}

TEST(IioValue, WhatNoChannelCanBeIsNothing) {
  EXPECT_FALSE(iio_value({Channel::current_l1, "", "", 1e12, 0}, 5));
  EXPECT_EQ(iio_value({Channel::residual_dc, "", "", 1000, 0}, 6), 6'000);
}

TEST_F(Iio, ASensorThatGoesIsAReadingWithoutValueAndComesBack) {
  put("iio:device3/in_temp0_input", "25000\n");
  put("iio:device3/in_temp1_input", "24000\n");
  IioMap map;
  map.directory = tree;
  map.poll_interval = 2ms;
  map.points = {{Channel::connector_temperature, "ads1115", "in_temp0", 1, 0},
                {Channel::cable_temperature, "ads1115", "in_temp1", 1, 0}};
  IioSensors sensors(map, uptime);
  Hardware hardware;
  sensors.add_to(hardware);
  safety::Sample sample;
  const auto becomes = [&](Channel channel, std::optional<int32_t> wanted) {
    const Uptime end = uptime() + 10s;
    do {
      hardware.sensors.front()->read({uptime(), {}}, sample);
      if (sample[channel].value == wanted && sample[channel].at != Uptime{}) return true;
      std::this_thread::yield();
    } while (uptime() < end);
    return false;
  };
  EXPECT_TRUE(becomes(Channel::connector_temperature, 25'000));
  put("iio:device3/in_temp0_input", "rubbish\n");
  EXPECT_TRUE(becomes(Channel::connector_temperature, std::nullopt));
  EXPECT_TRUE(becomes(Channel::cable_temperature, 24'000)) << "its neighbour is good";
  put("iio:device3/in_temp0_input", "26000\n");
  EXPECT_TRUE(becomes(Channel::connector_temperature, 26'000));
  std::filesystem::rename(tree / "iio:device3", tree / "gone");
  std::filesystem::remove_all(tree / "gone");
  EXPECT_TRUE(becomes(Channel::cable_temperature, std::nullopt));
}

}  // namespace
}  // namespace bayward::bay
