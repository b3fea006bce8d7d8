// What the checkers found. The first is what counts; later ones often follow from it.
#pragma once

#include <string>
#include <vector>

namespace bayward::sim {

struct Problem {
  std::string checker;
  std::string what;
};

class Problems {
 public:
  void report(std::string checker, std::string what) {
    if (found_.size() < kept_max) found_.push_back({std::move(checker), std::move(what)});
  }
  bool any() const { return !found_.empty(); }
  const std::vector<Problem>& all() const { return found_; }

 private:
  static constexpr size_t kept_max = 8;
  std::vector<Problem> found_;
};

}  // namespace bayward::sim
