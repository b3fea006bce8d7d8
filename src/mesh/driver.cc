#include "mesh/driver.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace bayward::mesh {

struct Driver::Impl : std::enable_shared_from_this<Impl> {
  Impl(Node made, std::vector<MeshLink*> wires, const Clock& time, After later, Told teller)
      : node(std::move(made)), links(std::move(wires)), clock(time), after(std::move(later)), told(std::move(teller)) {}

  void start() {
    for (size_t i = 0; i < links.size(); ++i) {
      links[i]->on_frame([this, i](std::span<const uint8_t> frame) {
        node.receive(i, frame, clock.now());
        flush();
      });
      links[i]->on_carrier([this, i](bool up) {
        node.set_link(i, up, clock.now());
        flush();
      });
    }
    flush();
  }

  void let_go() {
    for (MeshLink* link : links) {
      link->on_frame({});
      link->on_carrier({});
    }
  }

  // Frames first; what the owner does on an event may make further ones.
  void flush() {
    if (std::exchange(flushing, true)) return;
    for (;;) {
      for (const OutFrame& frame : node.take_frames()) links[frame.interface]->send(frame.bytes);
      const auto events = node.take_events();
      if (events.empty()) break;
      for (const Event& event : events) told(event);
    }
    flushing = false;
    set_timer();
  }

  void set_timer() {
    const Instant due = node.next_poll();
    if (timer_due <= due) return;
    timer_due = due;
    const Instant now = clock.now();
    const Duration delay = due <= now ? 0ms : due - now;
    after(delay, [weak = weak_from_this(), due] {
      const auto self = weak.lock();
      // A later timer that a nearer one has overtaken finds nothing to do.
      if (!self || self->timer_due != due) return;
      self->timer_due = Instant::max();
      self->node.poll(self->clock.now());
      self->flush();
    });
  }

  Node node;
  std::vector<MeshLink*> links;
  const Clock& clock;
  After after;
  Told told;
  Instant timer_due = Instant::max();
  bool flushing = false;
};

Driver::Driver(Node node, std::vector<MeshLink*> links, const Clock& clock, After after, Told told)
    : impl_(std::make_shared<Impl>(std::move(node), std::move(links), clock, std::move(after), std::move(told))) {
  BAYWARD_CHECK(impl_->links.size() == impl_->node.config().interfaces.size());
  impl_->start();
}

Driver::~Driver() {
  impl_->let_go();
}

Result<AlarmId> Driver::raise_alarm(const AlarmContent& content) {
  auto out = impl_->node.raise_alarm(content, impl_->clock.now());
  impl_->flush();
  return out;
}

Status Driver::update_alarm(const AlarmId& id, const AlarmContent& content) {
  Status out = impl_->node.update_alarm(id, content, impl_->clock.now());
  impl_->flush();
  return out;
}

Status Driver::all_clear(const AlarmId& id) {
  Status out = impl_->node.all_clear(id, impl_->clock.now());
  impl_->flush();
  return out;
}

Status Driver::publish_state(const BayState& state) {
  Status out = impl_->node.publish_state(state, impl_->clock.now());
  impl_->flush();
  return out;
}

Status Driver::set_keys(KeyRing keys) {
  return impl_->node.set_keys(std::move(keys));
}

Topology Driver::topology() const {
  return impl_->node.topology(impl_->clock.now());
}

const Node& Driver::node() const {
  return impl_->node;
}

}  // namespace bayward::mesh
