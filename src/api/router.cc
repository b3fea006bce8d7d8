#include <charconv>

#include "api/route.h"

namespace bayward::api {
namespace {

struct Segments {
  std::array<std::string_view, 9> part{};
  size_t count = 0;
};

// "/a/b" → "a", "b"; one more than fits when there are too many.
Segments split(std::string_view path) {
  Segments out;
  path.remove_prefix(1);
  while (out.count < out.part.size()) {
    const size_t slash = path.find('/');
    out.part[out.count++] = path.substr(0, slash);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return out;
}

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{');
}

}  // namespace

Router::Router() {
  const auto routes = all_routes();
  for (size_t i = 0; i < routes.size(); ++i) {
    const Segments segments = split(routes[i].path);
    BAYWARD_CHECK(segments.count <= segments_max);
    by_length_[segments.count].push_back(
        {i, {segments.part.begin(), segments.part.begin() + static_cast<ptrdiff_t>(segments.count)}});
  }
}

Matched Router::match(HttpMethod method, std::string_view path) const {
  Matched found;
  if (path.empty() || path.front() != '/') return found;
  const Segments segments = split(path);
  if (segments.count > segments_max) return found;
  for (const Pattern& pattern : by_length_[segments.count]) {
    std::array<std::string_view, 3> parameters{};
    size_t used = 0;
    bool fits = true;
    for (size_t i = 0; i < segments.count && fits; ++i) {
      const bool parameter = is_parameter(pattern.segments[i]);
      fits =
          parameter ? !segments.part[i].empty() && used < parameters.size() : pattern.segments[i] == segments.part[i];
      if (fits && parameter) parameters[used++] = segments.part[i];
    }
    if (!fits) continue;
    const Route& route = all_routes()[pattern.index];
    if (route.method == method) return {&route, pattern.index, parameters, {}};
    if (!found.allowed.empty()) found.allowed += ", ";
    found.allowed += to_text(route.method);
  }
  return found;
}

SiteId site_in_path(std::string_view parameter) {
  if (const auto site = parse_id<SiteId>(parameter)) return *site;
  const size_t dash = parameter.find('-');
  if (dash == std::string_view::npos) return {};
  uint64_t value = 0;
  const char* end = parameter.data() + parameter.size();
  const auto [stop, error] = std::from_chars(parameter.data() + dash + 1, end, value, 16);
  return error == std::errc{} && stop == end ? SiteId{value >> 32} : SiteId{};
}

}  // namespace bayward::api
