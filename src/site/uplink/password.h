// How a station's password is kept while the platform is away: a salted scrypt digest, never the password. Slow on
// purpose (tens of milliseconds): not on the io thread. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace bayward::uplink {

// "scrypt$<salt>$<digest>" in hexadecimal; empty when the machine has no random numbers or no memory for it.
std::string digest_of(std::string_view password);
// False for anything that digest_of() did not make.
bool matches(std::string_view digest, std::string_view password);
// Without telling by its time where they differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace bayward::uplink
