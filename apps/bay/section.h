// One table of a TOML file that remembers which keys were asked for, so that a misspelt one is named instead of
// ignored.
#pragma once

#include <fmt/format.h>
#include <toml++/toml.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bayward::bay {

class Section {
 public:
  // `errors` outlives it; the first one of the file is shown.
  Section(const toml::table* table, std::string name, std::vector<std::string>& errors)
      : table_(table), name_(std::move(name)), errors_(errors) {}
  ~Section() {
    if (!table_) return;
    for (const auto& [key, value] : *table_) {
      if (known_.contains(std::string(key.str()))) continue;
      errors_.push_back(fmt::format("line {}: {}.{}: unknown key", value.source().begin.line, name_, key.str()));
    }
  }
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;

  template <class T>
  void read(const char* key, T& out) {
    known_.insert(key);
    if (!table_ || !table_->contains(key)) return;
    const auto value = (*table_)[key].template value_exact<T>();
    if (value)
      out = *value;
    else
      wrong(key, "wrong type");
  }
  // From..to, both included.
  template <class T>
  void read_whole(const char* key, T& out, int64_t from, int64_t to) {
    int64_t value = static_cast<int64_t>(out);
    read(key, value);
    if (value < from || value > to) return wrong(key, fmt::format("{} to {} is expected", from, to));
    out = static_cast<T>(value);
  }
  // A word of a closed list; `from_word` gives nothing for others.
  template <class T, class FromWord>
  void read_word(const char* key, T& out, FromWord from_word, const char* expected) {
    std::string word;
    read(key, word);
    if (!table_ || !table_->contains(key)) return;
    const auto value = from_word(word);
    if (value)
      out = *value;
    else
      wrong(key, fmt::format("\"{}\": {} is expected", word, expected));
  }
  bool has(const char* key) const { return table_ && table_->contains(key); }
  const toml::node* node(const char* key) {
    known_.insert(key);
    return table_ ? table_->get(key) : nullptr;
  }
  void wrong(const char* key, const std::string& what) {
    const toml::node* node = table_ ? table_->get(key) : nullptr;
    const auto line = node ? node->source().begin.line : 0;
    errors_.push_back(line ? fmt::format("line {}: {}.{}: {}", line, name_, key, what)
                           : fmt::format("{}.{}: {}", name_, key, what));
  }

 private:
  const toml::table* table_;
  std::string name_;
  std::vector<std::string>& errors_;
  std::set<std::string> known_;
};

}  // namespace bayward::bay
