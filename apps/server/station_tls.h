// [ocpp.tls] of the configuration as a TLS context: certificates from files, or from the platform's own authority.
#pragma once

#include <memory>

#include "base/result.h"
#include "base/time.h"
#include "config.h"
#include "net/tls.h"
#include "stations/authority/authority.h"

namespace bayward {

// Fails when a file can't be used, and says which.
Result<std::shared_ptr<net::TlsContext>> station_tls_context(const StationTlsConfig& config,
                                                             const stations::CertificateAuthority& authority,
                                                             Instant now);

}  // namespace bayward
