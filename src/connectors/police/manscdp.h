// MANSCDP, the XML inside GB/T 28181's messages (annex A): read within bounds. No DTD is taken, so nothing in it grows
// (XML bombs). Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace bayward::police {

struct Manscdp {
  std::string kind;                          // "Query", "Control", "Notify", "Response"
  std::map<std::string, std::string> texts;  // of the root's children that have text
  std::string get(const std::string& name) const;
};
std::optional<Manscdp> parse_manscdp(std::string_view body);

// "<Notify><CmdType>Alarm</CmdType>..." in GB18030, which the standard wants, whatever is in the texts.
class ManscdpWriter {
 public:
  ManscdpWriter(std::string_view kind, std::string_view command, std::string_view number, std::string_view device);
  ManscdpWriter& text(std::string_view name, std::string_view value);
  std::string take();

 private:
  std::string kind_;
  std::string out_;
};

}  // namespace bayward::police
