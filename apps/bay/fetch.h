// Fetches a file by HTTP or HTTPS into the data directory, for drivers/firmware_files.h.
#pragma once

#include <filesystem>
#include <string>

#include "bay/drivers/firmware_files.h"
#include "net/io.h"

namespace bayward::bay {

// `trusted_certificates` as of TlsClientOptions. The io context outlives what comes of it.
Fetch fetcher(net::IoContext& io, std::filesystem::path directory, std::string trusted_certificates);

}  // namespace bayward::bay
