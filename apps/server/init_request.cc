#include "init_request.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <iostream>
#include <optional>

#include "base/limits.h"
#include "ports/normalise.h"

namespace bayward {
namespace {

constexpr size_t password_min_chars = 10;
constexpr int bays_max = 2000;

// "52.52" in units of 10^-digits, exactly; nothing when it is no number of that many digits or fewer.
std::optional<int64_t> decimal(std::string_view text, int digits) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const size_t dot = std::min(text.find('.'), text.size());
  std::string all(text.substr(0, dot));
  std::string fraction(dot < text.size() ? text.substr(dot + 1) : "");
  if (all.empty() || all.size() > 9 || fraction.size() > static_cast<size_t>(digits)) return std::nullopt;
  fraction.resize(static_cast<size_t>(digits), '0');
  all += fraction;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), value);
  if (error != std::errc{} || end != all.data() + all.size() || value < 0) return std::nullopt;
  return negative ? -value : value;
}

std::optional<core::GeoPoint> point(std::string_view text) {
  const size_t comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  std::string_view second = text.substr(comma + 1);
  if (second.starts_with(' ')) second.remove_prefix(1);
  const auto latitude = decimal(text.substr(0, comma), 6);
  const auto longitude = decimal(second, 6);
  if (!latitude || !longitude || std::abs(*latitude) > 90'000'000 || std::abs(*longitude) > 180'000'000) {
    return std::nullopt;
  }
  return core::GeoPoint{static_cast<int32_t>(*latitude), static_cast<int32_t>(*longitude)};
}

// "2.50" as ten-thousandths of a minor unit.
std::optional<int64_t> rate(const std::string& text, Currency currency) {
  const auto value = decimal(text, currency.exponent() + 4);
  return value && *value >= 0 ? value : std::nullopt;
}

// One question: `value` is what an empty line means.
class Questions {
 public:
  Questions(std::istream& in, std::ostream& out, InitRequest& request) : in_(in), out_(out), request_(request) {}

  // Asks until defect() has nothing to say of the flag.
  Status text(const char* question, const char* flag, std::string& value) {
    while (true) {
      out_ << question << (value.empty() ? "" : " [" + value + "]") << ": " << std::flush;
      std::string line;
      if (!std::getline(in_, line)) return fail(std::string("the input ended before ") + flag + " was answered");
      const std::string before = value;
      if (!line.empty()) value = line;
      const auto bad = defect(request_);
      if (!bad || !bad->starts_with(flag)) return Done{};
      out_ << "  " << *bad << "\n";
      value = before;
    }
  }
  Status number(const char* question, const char* flag, int& value) {
    std::string text_value = std::to_string(value);
    while (true) {
      if (const auto asked = text(question, "", text_value); !asked) {
        return fail(std::string("the input ended before ") + flag + " was answered");
      }
      const auto [end, error] = std::from_chars(text_value.data(), text_value.data() + text_value.size(), value);
      const bool whole = error == std::errc{} && end == text_value.data() + text_value.size();
      const auto bad = whole ? defect(request_) : std::optional<std::string>(std::string(flag) + " must be a number");
      if (!bad || !bad->starts_with(flag)) return Done{};
      out_ << "  " << *bad << "\n";
      text_value = "0";
    }
  }

 private:
  std::istream& in_;
  std::ostream& out_;
  InitRequest& request_;
};

std::optional<std::string> defect_of_site(const InitRequest& request) {
  if (request.site.size() > limits::label_chars) return "--site must have at most 64 characters";
  if (!point(request.place)) return "--place must be latitude,longitude, for example 52.52,13.405";
  const auto currency = parse_currency(request.currency);
  if (!currency) return "--currency must be an ISO 4217 code, for example EUR or CNY";
  if (!rate(request.parking_per_hour, *currency)) return "--parking-per-hour must be a price, for example 2.50";
  if (!rate(request.energy_per_kwh, *currency)) return "--energy-per-kwh must be a price, for example 0.45";
  const auto tax = decimal(request.tax_percent, 4);
  if (!tax || *tax < 0 || *tax > 1'000'000) return "--tax-percent must be 0 to 100";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> defect(const InitRequest& request) {
  if (!normalise_phone(request.phone)) {
    return "--operator-phone must be an international number, for example +4915112345678";
  }
  if (!request.password.empty() && request.password.size() < password_min_chars) {
    return fmt::format("the password must have at least {} characters", password_min_chars);
  }
  if (request.site.empty()) {
    const bool more = request.bays != 0 || !request.owner_phone.empty() || !request.station.empty();
    return more ? std::optional<std::string>("--site is needed before --bays, --owner-phone and --station")
                : std::nullopt;
  }
  if (auto bad = defect_of_site(request)) return bad;
  if (request.bays < 0 || request.bays > bays_max) return fmt::format("--bays must be 0 to {}", bays_max);
  if (!request.owner_phone.empty() && !normalise_phone(request.owner_phone)) {
    return "--owner-phone must be an international number, for example +4915112345678";
  }
  if (request.station.size() > 48) return "--station must have at most 48 characters";
  if (request.connectors < 1 || static_cast<size_t>(request.connectors) > limits::connectors_per_station) {
    return fmt::format("--connectors must be 1 to {}", limits::connectors_per_station);
  }
  return std::nullopt;
}

Status ask_for(InitRequest& request, std::istream& in, std::ostream& out) {
  Questions ask(in, out, request);
  out << "Bayward asks for what it needs. An empty line takes what is in brackets.\n";
  if (auto done = ask.text("Your phone number, with country code", "--operator-phone", request.phone); !done) {
    return done;
  }
  if (auto done = ask.text("Your name", "--operator-name", request.name); !done) return done;
  if (auto done = ask.text("Name of the first site (empty: only the operator's account)", "--site", request.site);
      !done || request.site.empty()) {
    return done;
  }
  const struct {
    const char* question;
    const char* flag;
    std::string* value;
  } texts[] = {
      {"Where it is: latitude,longitude", "--place", &request.place},
      {"Its time zone", "--time-zone", &request.time_zone},
      {"Its currency", "--currency", &request.currency},
      {"Price of parking for an hour", "--parking-per-hour", &request.parking_per_hour},
      {"Price of a kWh", "--energy-per-kwh", &request.energy_per_kwh},
      {"Tax in percent, on top", "--tax-percent", &request.tax_percent},
  };
  for (const auto& one : texts) {
    if (auto done = ask.text(one.question, one.flag, *one.value); !done) return done;
  }
  if (auto done = ask.number("How many bays", "--bays", request.bays); !done || request.bays == 0) return done;
  if (auto done = ask.text("Phone of their owner (empty: the community's, shared around the clock)", "--owner-phone",
                           request.owner_phone);
      !done) {
    return done;
  }
  if (auto done = ask.text("Identity of the first charging station (empty: none)", "--station", request.station);
      !done || request.station.empty()) {
    return done;
  }
  return ask.number("Its connectors, for the first bays", "--connectors", request.connectors);
}

core::GeoPoint place_of(const InitRequest& request) {
  return *point(request.place);
}

Tariff tariff_of(const InitRequest& request) {
  Tariff tariff;
  tariff.name = "Standard";
  tariff.currency = *parse_currency(request.currency);
  const int64_t parking = *rate(request.parking_per_hour, tariff.currency);
  const int64_t energy = *rate(request.energy_per_kwh, tariff.currency);
  tariff.parking_rates = {parking, parking, parking, parking};
  tariff.energy_rates = {energy, energy, energy, energy};
  tariff.overstay_rate_e4 = parking;
  tariff.tax_ppm = static_cast<int32_t>(*decimal(request.tax_percent, 4));
  return tariff;
}

}  // namespace bayward
