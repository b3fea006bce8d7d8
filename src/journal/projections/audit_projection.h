// An index over the journal for the operator's audit: which records touch a stream, come from an account or a kind
// of actor, or hold a command or event of that name. The records themselves stay in the journal. Tables: audit_record,
// audit_word, audit_entry; read by audit_search.h.
#pragma once

#include <set>
#include <string>

#include "journal/projections/projection.h"
#include "ports/read_models.h"

namespace bayward {

class AuditProjection final : public Projection {
 public:
  std::string_view name() const override { return "audit"; }
  int version() const override { return 1; }
  const char* schema() const override;
  sqlite::SqlResult<Done> apply(sqlite::Database& database, const CommittedRecord& record) override;
};

// What a record is found by, and what a search asks for: all of the latter have to be among the former.
std::set<std::string> audit_words(const CommittedRecord& record);
std::set<std::string> audit_words(const AuditFilter& filter);

}  // namespace bayward
