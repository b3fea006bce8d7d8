#include "connectors/police/manscdp.h"

#include <pugixml.hpp>

#include "base/limits.h"
#include "connectors/wire/gb18030.h"

namespace bayward::police {
namespace {

constexpr size_t text_bytes_max = 256;
constexpr size_t children_max = 64;

size_t depth_of(std::string_view text) {
  // Before the parser sees it: how deep tags are nested at most, by counting.
  size_t depth = 0;
  size_t deepest = 0;
  for (size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const char next = at + 1 < text.size() ? text[at + 1] : ' ';
    if (next == '/') {
      depth -= depth > 0 ? 1 : 0;
    } else if (next != '?' && next != '!') {
      const size_t end = text.find('>', at);
      const bool empty = end != std::string_view::npos && text[end - 1] == '/';
      if (!empty) deepest = std::max(deepest, ++depth);
    }
  }
  return deepest;
}

}  // namespace

std::string Manscdp::get(const std::string& name) const {
  const auto found = texts.find(name);
  return found == texts.end() ? std::string{} : found->second;
}

std::optional<Manscdp> parse_manscdp(std::string_view body) {
  if (body.size() > limits::sip_message_bytes || body.find("<!") != std::string_view::npos) return std::nullopt;
  if (depth_of(body) > limits::manscdp_depth) return std::nullopt;
  pugi::xml_document document;
  // The texts that matter are ASCII: bytes of GB 2312 are left as they are.
  const pugi::xml_parse_result read =
      document.load_buffer(body.data(), body.size(), pugi::parse_minimal, pugi::encoding_utf8);
  if (!read) return std::nullopt;
  const pugi::xml_node root = document.first_child();
  Manscdp out;
  out.kind = root.name();
  for (const pugi::xml_node child : root.children()) {
    if (out.texts.size() >= children_max) return std::nullopt;
    const std::string_view text = child.text().get();
    if (text.size() <= text_bytes_max) out.texts.emplace(child.name(), text);
  }
  if (out.get("CmdType").empty()) return std::nullopt;
  return out;
}

ManscdpWriter::ManscdpWriter(std::string_view kind, std::string_view command, std::string_view number,
                             std::string_view device)
    : kind_(kind), out_("<?xml version=\"1.0\" encoding=\"GB18030\"?>\r\n<" + kind_ + ">\r\n") {
  text("CmdType", command).text("SN", number).text("DeviceID", device);
}

ManscdpWriter& ManscdpWriter::text(std::string_view name, std::string_view value) {
  out_ += '<' + std::string(name) + '>';
  for (const char c : value) {
    if (c == '<') {
      out_ += "&lt;";
    } else if (c == '&') {
      out_ += "&amp;";
    } else if (c == '>') {
      out_ += "&gt;";
    } else {
      out_ += c >= 0 && c < ' ' ? ' ' : c;
    }
  }
  out_ += "</" + std::string(name) + ">\r\n";
  return *this;
}

std::string ManscdpWriter::take() {
  out_ += "</" + kind_ + ">\r\n";
  // The converter takes control characters for defects: the line breaks are put back.
  std::string converted;
  size_t from = 0;
  for (size_t at = out_.find("\r\n"); at != std::string::npos; at = out_.find("\r\n", from)) {
    const std::string line = out_.substr(from, at - from);
    converted += wire::to_gb18030(line, 4 * line.size()) + "\r\n";
    from = at + 2;
  }
  return converted;
}

}  // namespace bayward::police
