// One spelling for what people write in many: phone numbers and number plates; and what an e-mail address is. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bayward {

// E.164 ("+4915112345678"): an international number with + or 00, in any usual grouping. Nothing for anything else;
// national numbers are not guessed at.
std::optional<std::string> normalise_phone(std::string_view text);

// A number plate without spaces, hyphens and dots (also the middle dot of Chinese plates), Latin letters in upper case.
// Kept: A-Z, 0-9, Ä Ö Ü and Chinese characters (U+4E00..U+9FFF). Nothing for a plate with other characters, an empty
// one, or one longer than limits::plate_chars characters.
std::optional<std::string> normalise_plate(std::string_view text);

// An address of the plain kind that mail servers take everywhere: "anna.b+x@mail.example.com". No quotes, no comments,
// no letters beyond ASCII, nothing that could be taken for a second header or a second recipient.
bool is_email(std::string_view text);

}  // namespace bayward
