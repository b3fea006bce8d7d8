// The commands of bayward-server about charging stations: `stations ...` asks a running server over its API, `ca roots`
// reads the data directory.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "commands.h"

namespace bayward {

struct StationAsk {
  std::string server = "http://127.0.0.1:8080";
  std::string token_file;
  std::string trusted_certificates_file;  // PEM, for https
  std::string subject;                    // a station's id, or the number of an image, a campaign or a set
  std::string body;
  // Of an image to upload: files.
  std::string image_file;
  std::string signature_file;
  std::string certificate_file;
  std::string version;
};

// Adds `stations` and its verbs; the chosen one is put into `chosen`, and gives the exit code.
void add_station_commands(CLI::App& app, StationAsk& ask, std::function<int()>& chosen);

// The roots of the platform's own authority, in PEM.
int print_authority_roots(const ServerConfig& config);

}  // namespace bayward
