// The LAN page: one small page without anything from elsewhere, Chinese and English, readable at 360 px; and the plain
// pages for codes that are not ours. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace bayward::site {

struct PageAsset {
  std::string content_type;
  std::string content;
};
// "/lan/page.js", "/lan/page.css"; null: none.
const PageAsset* page_asset(std::string_view path);

// What was scanned, or nothing.
struct PageOpened {
  std::string site_name;
  std::string kind;  // "bay", "pod", "pole"
  std::string name;
  std::string code;
};
std::string page_html(const PageOpened& opened);

std::string other_site_html(std::string_view site_name, std::string_view cloud_url);
std::string no_code_html(std::string_view site_name);

std::string escape_html(std::string_view text);

}  // namespace bayward::site
