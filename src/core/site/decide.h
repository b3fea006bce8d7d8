#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State&, const Actor&, const DefineSite&, Instant now);
Decided decide(const State&, const Actor&, const SetSiteRules&, Instant now);
Decided decide(const State&, const Actor&, const UpdateZone&, Instant now);
Decided decide(const State&, const Actor&, const DefineBay&, Instant now);
Decided decide(const State&, const Actor&, const ChangeBay&, Instant now);
Decided decide(const State&, const Actor&, const SetBayService&, Instant now);
Decided decide(const State&, const Actor&, const RegisterStation&, Instant now);
Decided decide(const State&, const Actor&, const PublishTariff&, Instant now);
Decided decide(const State&, const Actor&, const PublishWindow&, Instant now);
Decided decide(const State&, const Actor&, const SetWindowException&, Instant now);
Decided decide(const State&, const Actor&, const WithdrawWindow&, Instant now);
Decided decide(const State&, const Actor&, const GrantPermission&, Instant now);
Decided decide(const State&, const Actor&, const RevokePermission&, Instant now);

}  // namespace bayward::core
