// The place in a picture's metadata (E5), shifted so that only the requester can read it.
//
// EXIF GPS says latitude and longitude as everybody's programs read them, but each is moved around its whole circle by
// an offset that HMAC-SHA256 makes from the session's secret and the picture's own id (EXIF ImageUniqueID): latitude
// within
// [-90, +90] in steps of 1e-7 degrees, wrapping over; longitude within [-180, +180). Every place on the map is as
// likely as any other for who doesn't have the secret, and two pictures of one place say nothing together. It is a
// place, not a neighbourhood: that is why the offset has the whole range and not some kilometres.
//
// Pure; any thread after prepare_picture_places() was called once by main() (Exiv2's XMP toolkit is not thread-safe
// before).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ports/camera.h"

namespace bayward::site {

struct Place {
  int32_t latitude_e7 = 0;   // -900'000'000 .. 900'000'000
  int32_t longitude_e7 = 0;  // -1'800'000'000 .. 1'799'999'999
  friend bool operator==(const Place&, const Place&) = default;
};

bool valid_place(const Place& place);

Place shift_place(const Place& place, std::string_view secret, std::string_view picture_id);
Place unshift_place(const Place& shifted, std::string_view secret, std::string_view picture_id);

void prepare_picture_places();

// Puts the shifted place and the id into the picture; all other metadata goes. `jpeg` is our own (encode_jpeg).
Result<PictureBytes> with_place(const PictureBytes& jpeg, const Place& place, std::string_view secret,
                                std::string_view picture_id);

// What a picture says: its id and the place as written, shifted. From outside: bounded and checked.
struct WrittenPlace {
  Place shifted;
  std::string picture_id;
};
Result<WrittenPlace> read_place(std::string_view jpeg);

}  // namespace bayward::site
