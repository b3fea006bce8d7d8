// Which handler answers which method and path, and who may ask. The table is in routes.cc, and only there.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/call.h"

namespace bayward::api {

enum class Access : uint8_t {
  anyone,         // also without a token
  signed_in,      // what belongs to whom is checked by the core
  staff_of_site,  // the property office of the site that the path names (or that the named thing is of), the operator
  operators,
};

struct Route {
  HttpMethod method;
  std::string_view path;  // "/api/v1/bookings/{booking}/cancel"
  Access access;
  void (*handler)(const CallPtr&);
};

std::span<const Route> all_routes();

// What {…} in a path stands for, as far as the router looks: any one segment that isn't empty.
struct Matched {
  const Route* route = nullptr;  // null: no such path, or `allowed` isn't empty
  size_t index = 0;              // in all_routes()
  std::array<std::string_view, 3> parameters{};
  std::string allowed;  // the path exists with these methods only: "GET, POST"
};

// Immutable once made; any thread.
class Router {
 public:
  Router();
  Matched match(HttpMethod method, std::string_view path) const;

 private:
  static constexpr size_t segments_max = 8;
  struct Pattern {
    size_t index = 0;
    std::vector<std::string_view> segments;
  };
  std::array<std::vector<Pattern>, segments_max + 1> by_length_;
};

// The site that staff needs rights on, from the first parameter of the path: "site-3", or any id of a thing in a site.
SiteId site_in_path(std::string_view parameter);

}  // namespace bayward::api
