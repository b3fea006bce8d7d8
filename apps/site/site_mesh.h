// The site controller's own gateway on the local mesh (D3, E4, E6): it relays alarms like every gateway, stands to be
// the acting controller, and knows with no server in the path what is wrong at the bays and how they stand. The io
// thread.
#pragma once

#include <memory>
#include <vector>

#include "config.h"
#include "mesh/gateway.h"
#include "net/io.h"
#include "site/lan/bay_board.h"

namespace bayward {

struct MeshStatus {
  bool acting = false;              // as the site's controller
  size_t gateways = 0;              // known and alive, without this one
  std::vector<mesh::Alarm> alarms;  // that are open, the most urgent first
};

class SiteMesh {
 public:
  // Null: the configuration has no [mesh]. `board` (null: no [garage]), `clock` and `io` outlive it. Before io starts.
  static Result<std::unique_ptr<SiteMesh>> open(net::IoContext& io, const SiteConfig& config, site::BayBoard* board,
                                                const Clock& clock);
  // About once a second: a bay whose gateway lives is not silent.
  void tick();
  MeshStatus status() const;

 private:
  SiteMesh(site::BayBoard* board, const Clock& clock) : board_(board), clock_(clock) {}
  void told(const mesh::Event& event);

  site::BayBoard* board_;
  const Clock& clock_;
  std::unique_ptr<mesh_tool::Gateway> gateway_;
};

}  // namespace bayward
