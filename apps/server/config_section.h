// One table of the configuration file.
#pragma once

#include <fmt/format.h>
#include <toml++/toml.h>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bayward {

// Reads one table and remembers which keys it knew, so that the others can be named.
class Section {
 public:
  Section(const toml::table& root, std::string name) : Section(root[name].as_table(), name) {}
  // A table anywhere; `name` is for messages.
  Section(const toml::table* table, std::string name) : name_(std::move(name)), table_(table) {}

  template <class T>
  void read(const char* key, T& out) {
    known_.insert(key);
    if (!table_ || !table_->contains(key)) return;
    const auto value = (*table_)[key].value<T>();
    if (value) {
      out = *value;
    } else {
      error_ = fmt::format("{}.{}: wrong type", name_, key);
    }
  }
  // A list of strings.
  void read(const char* key, std::vector<std::string>& out) {
    known_.insert(key);
    if (!table_ || !table_->contains(key)) return;
    const toml::array* list = (*table_)[key].as_array();
    if (!list) error_ = fmt::format("{}.{}: must be a list", name_, key);
    if (!list) return;
    out.clear();
    for (const toml::node& element : *list) {
      const auto text = element.value<std::string>();
      if (!text) error_ = fmt::format("{}.{}: must be a list of texts in quotes", name_, key);
      if (text) out.push_back(*text);
    }
  }
  // A table inside, which a Section of its own reads.
  const toml::table* inner(const char* key) {
    known_.insert(key);
    if (!table_ || !table_->contains(key)) return nullptr;
    const toml::table* table = (*table_)[key].as_table();
    if (!table) error_ = fmt::format("{}.{}: must be a table", name_, key);
    return table;
  }
  std::optional<std::string> error() const {
    if (error_) return error_;
    if (!table_) return std::nullopt;
    for (const auto& [key, value] : *table_) {
      if (!known_.contains(std::string(key.str()))) return fmt::format("{}.{}: unknown key", name_, key.str());
    }
    return std::nullopt;
  }

 private:
  std::string name_;
  const toml::table* table_;
  std::set<std::string> known_;
  std::optional<std::string> error_;
};

}  // namespace bayward
