#include "site/lan/page.h"

namespace bayward::site {
namespace {

constexpr std::string_view head = R"(<!doctype html>
<html lang="zh"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="stylesheet" href="/lan/page.css"><title>)";

constexpr std::string_view main_part = R"(</h1><button id="language" type="button">English</button></header>
<main id="main" aria-live="polite"></main>
<noscript><p>请打开 JavaScript。</p><p lang="en">Please switch JavaScript on.</p></noscript>
<script src="/lan/page.js"></script></body></html>
)";

std::string opening(std::string_view site_name, std::string_view body) {
  const std::string name = escape_html(site_name);
  return std::string(head) + name + "</title></head><body" + std::string(body) + "><header><h1>" + name;
}

std::string plain_page(std::string_view site_name, std::string_view chinese, std::string_view english) {
  return opening(site_name, "") + "</h1></header><main><p>" + std::string(chinese) + "</p><p lang=\"en\">" +
         std::string(english) + "</p></main></body></html>\n";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string page_html(const PageOpened& opened) {
  std::string data;
  if (!opened.kind.empty()) {
    data = " data-kind=\"" + escape_html(opened.kind) + "\" data-name=\"" + escape_html(opened.name) +
           "\" data-code=\"" + escape_html(opened.code) + '"';
  }
  return opening(opened.site_name, data) + std::string(main_part);
}

std::string other_site_html(std::string_view site_name, std::string_view cloud_url) {
  std::string link;
  if (!cloud_url.empty()) link = " <a href=\"" + escape_html(cloud_url) + "\">" + escape_html(cloud_url) + "</a>";
  const std::string name = escape_html(site_name);
  return plain_page(
      site_name, "这个二维码属于另一个车场，不是“" + name + "”。请连接那里的网络，或打开应用。" + link,
      "This code belongs to another site, not to " + name + ". Join the network there, or open the app." + link);
}

std::string no_code_html(std::string_view site_name) {
  return plain_page(site_name,
                    "这个二维码无效：可能已损坏，或不是本车场的。请重新扫描，或告诉物业。<a href=\"/\">空闲车位</a>",
                    "This code is not valid: damaged, or not one of this site's. Scan it again, or tell the property "
                    "office. <a href=\"/\">Free bays</a>");
}

}  // namespace bayward::site
