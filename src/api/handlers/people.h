// What handlers about people share: opening accounts, and reading what the vault holds about a person.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/call.h"

namespace bayward::api {

struct NewPerson {
  std::string phone;  // normalised
  std::string password;
  std::string name;
};
// {phone, password, name}
NewPerson person_in(Fields& in);

struct NewRoles {
  uint32_t roles = 1;  // core::Role
  std::vector<SiteId> property_of;
};
// {roles: [...], property_of?: [...]}
NewRoles roles_in(Fields& in);

// Hashes the password, opens the account, stores what is personal, and calls `done` on a worker. An account that a
// crash left between the two is finished by the next try.
void open_person(const CallPtr& call, NewPerson person, NewRoles roles, std::function<void(Call&, AccountId)> done);

// "roles": ["driver", ...]
void write_roles(JsonOut& out, uint32_t roles);

// Personal text from the vault, for the reader `call` stands for; each reading is logged without its value. Null when
// there is none. On a worker.
std::optional<std::string> personal(const CallPtr& call, const VaultKey& key);

}  // namespace bayward::api
