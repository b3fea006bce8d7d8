// What the API says when it refuses: RFC 9457 problem documents in plain words, English and Chinese, that say what to
// do. Every refusal of the core has its text and HTTP status here, and so has what the API itself refuses. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "core/refusal.h"
#include "ports/http.h"

namespace bayward::api {

enum class Language : uint8_t { english, chinese };

// Of Accept-Language (RFC 9110 12.5.4): Chinese when it is wanted more than English, else English.
Language wanted_language(const HttpHeaders& headers);

struct Text {
  std::string_view english;
  std::string_view chinese;
  std::string_view in(Language language) const { return language == Language::chinese ? chinese : english; }
};

// What the API refuses before the core is asked.
enum class Trouble : uint8_t {
  malformed_json,
  bad_field,
  unauthenticated,
  wrong_login,
  forbidden,
  not_found,
  method_not_allowed,
  too_many_requests,
  busy,
  unavailable,
};

struct ProblemKind {
  int status = 500;
  std::string_view code;  // the last part of `type`; programs tell problems apart by it
  Text title;
  Text detail;
  int retry_after_s = 0;  // 0: repeating it as it is won't help
};

const ProblemKind& problem_kind(core::Refusal refusal);
const ProblemKind& problem_kind(Trouble trouble);

// A detail made for the case at hand, in both languages; empty: the kind's own.
struct Detail {
  std::string english;
  std::string chinese;
};

HttpResponse problem(const ProblemKind& kind, Language language, const Detail& detail = {});

}  // namespace bayward::api
