#include "site/lan/picture_place.h"

#include <algorithm>
#include <cmath>
#include <exiv2/exiv2.hpp>
#include <optional>

#include "base/limits.h"
#include "site/access/keyed.h"
#include "site/occupancy/picture.h"

namespace bayward::site {
namespace {

constexpr int64_t latitude_half = 900'000'000;
constexpr int64_t latitude_places = 2 * latitude_half + 1;
constexpr int64_t longitude_half = 1'800'000'000;
constexpr int64_t longitude_places = 2 * longitude_half;

struct Offset {
  int64_t latitude = 0;
  int64_t longitude = 0;
};

uint64_t number(const Digest& digest, size_t at) {
  uint64_t out = 0;
  for (size_t i = 0; i < 8; ++i) out = out << 8 | digest[at + i];
  return out;
}

// 64 bits over at most 3.6e9 places: the bias is below 1e-9.
Offset offset_of(std::string_view secret, std::string_view picture_id) {
  const Digest digest = keyed_digest(secret, "place/v1", {picture_id});
  return {.latitude = static_cast<int64_t>(number(digest, 0) % latitude_places),
          .longitude = static_cast<int64_t>(number(digest, 8) % longitude_places)};
}

Place moved(const Place& place, const Offset& by) {
  const int64_t latitude = (place.latitude_e7 + latitude_half + by.latitude) % latitude_places;
  const int64_t longitude = (place.longitude_e7 + longitude_half + by.longitude) % longitude_places;
  return {.latitude_e7 = static_cast<int32_t>(latitude - latitude_half),
          .longitude_e7 = static_cast<int32_t>(longitude - longitude_half)};
}

// EXIF 2.32 4.6.6: degrees, minutes, seconds; here exact, seconds in millionths: 1e-7 degrees are 360 of them.
std::string degrees_text(int32_t e7) {
  const int64_t whole = std::abs(int64_t{e7});
  const int64_t rest = whole % 10'000'000 * 360;  // millionths of a second
  return std::to_string(whole / 10'000'000) + "/1 " + std::to_string(rest / 60'000'000) + "/1 " +
         std::to_string(rest % 60'000'000) + "/1000000";
}

std::optional<int64_t> degrees_e7(const Exiv2::Exifdatum& datum) {
  if (datum.count() != 3) return std::nullopt;
  double degrees = 0;
  double unit = 1;
  for (long i = 0; i < 3; ++i) {
    const Exiv2::Rational part = datum.toRational(i);
    if (part.second <= 0 || part.first < 0) return std::nullopt;
    degrees += static_cast<double>(part.first) / part.second / unit;
    unit *= 60;
  }
  if (!(degrees <= 360)) return std::nullopt;
  return std::llround(degrees * 1e7);
}

std::optional<int64_t> signed_e7(Exiv2::ExifData& exif, const std::string& key, char negative) {
  const auto value = exif.findKey(Exiv2::ExifKey(key));
  const auto side = exif.findKey(Exiv2::ExifKey(key + "Ref"));
  if (value == exif.end() || side == exif.end()) return std::nullopt;
  const std::optional<int64_t> e7 = degrees_e7(*value);
  if (!e7) return std::nullopt;
  return side->toString().starts_with(negative) ? -*e7 : *e7;
}

const auto* raw(std::string_view bytes) {
  return reinterpret_cast<const Exiv2::byte*>(bytes.data());
}

bool valid_picture_id(std::string_view id) {
  return id.size() == 32 &&
         std::ranges::all_of(id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Result<PictureBytes> written(const PictureBytes& jpeg, const Place& place, std::string_view picture_id) {
  const auto image = Exiv2::ImageFactory::open(raw(jpeg), static_cast<long>(jpeg.size()));
  Exiv2::ExifData exif;
  exif["Exif.GPSInfo.GPSVersionID"] = "2 3 0 0";
  exif["Exif.GPSInfo.GPSLatitudeRef"] = place.latitude_e7 < 0 ? "S" : "N";
  exif["Exif.GPSInfo.GPSLongitudeRef"] = place.longitude_e7 < 0 ? "W" : "E";
  exif["Exif.GPSInfo.GPSMapDatum"] = "WGS-84";
  exif["Exif.Photo.ImageUniqueID"] = std::string(picture_id);
  for (const auto& [key, e7] : {std::pair{"Exif.GPSInfo.GPSLatitude", place.latitude_e7},
                                std::pair{"Exif.GPSInfo.GPSLongitude", place.longitude_e7}}) {
    const auto value = Exiv2::Value::create(Exiv2::unsignedRational);
    value->read(degrees_text(e7));
    exif.add(Exiv2::ExifKey(key), value.get());
  }
  image->setExifData(exif);
  image->writeMetadata();
  Exiv2::BasicIo& io = image->io();
  io.open();
  const Exiv2::DataBuf out = io.read(static_cast<long>(io.size()));
  return PictureBytes(reinterpret_cast<const char*>(out.pData_), static_cast<size_t>(out.size_));
}

Result<WrittenPlace> read(std::string_view jpeg) {
  const auto image = Exiv2::ImageFactory::open(raw(jpeg), static_cast<long>(jpeg.size()));
  image->readMetadata();
  Exiv2::ExifData& exif = image->exifData();
  const auto latitude = signed_e7(exif, "Exif.GPSInfo.GPSLatitude", 'S');
  const auto longitude = signed_e7(exif, "Exif.GPSInfo.GPSLongitude", 'W');
  const auto id = exif.findKey(Exiv2::ExifKey("Exif.Photo.ImageUniqueID"));
  if (!latitude || !longitude || id == exif.end()) return fail("the picture says no place");
  std::string name = id->toString();
  if (std::abs(*latitude) > latitude_half || *longitude < -longitude_half || *longitude >= longitude_half ||
      !valid_picture_id(name)) {
    return fail("the picture's place is not one of ours");
  }
  return WrittenPlace{.shifted = {static_cast<int32_t>(*latitude), static_cast<int32_t>(*longitude)},
                      .picture_id = std::move(name)};
}

}  // namespace

bool valid_place(const Place& place) {
  return std::abs(int64_t{place.latitude_e7}) <= latitude_half && place.longitude_e7 >= -longitude_half &&
         place.longitude_e7 < longitude_half;
}

Place shift_place(const Place& place, std::string_view secret, std::string_view picture_id) {
  BAYWARD_CHECK(valid_place(place));
  return moved(place, offset_of(secret, picture_id));
}

Place unshift_place(const Place& shifted, std::string_view secret, std::string_view picture_id) {
  BAYWARD_CHECK(valid_place(shifted));
  const Offset offset = offset_of(secret, picture_id);
  return moved(shifted, {latitude_places - offset.latitude, longitude_places - offset.longitude});
}

void prepare_picture_places() {
  Exiv2::XmpParser::initialize();
  // What it says about damaged pictures is our Result's to say.
  Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
}

Result<PictureBytes> with_place(const PictureBytes& jpeg, const Place& place, std::string_view secret,
                                std::string_view picture_id) {
  BAYWARD_CHECK(valid_picture_id(picture_id));
  try {
    return written(jpeg, shift_place(place, secret, picture_id), picture_id);
  } catch (const Exiv2::AnyError& error) {
    return fail(std::string("the place could not be written into the picture: ") + error.what());
  }
}

Result<WrittenPlace> read_place(std::string_view jpeg) {
  const Result<PictureSize> size = picture_size(jpeg);
  if (!size.ok()) return Failure{size.error()};
  if (!jpeg.starts_with("\xff\xd8")) return fail("only a JPEG says its place");
  try {
    return read(jpeg);
  } catch (const std::exception& error) {
    return fail(std::string("the picture's metadata is damaged: ") + error.what());
  }
}

}  // namespace bayward::site
