// The connections of one io thread, so that all of them can be asked to end, cut off, and waited for. Internal to net;
// its io thread only.
#pragma once

#include <boost/intrusive/list.hpp>

#include "net/asio.h"

namespace bayward::net {

// One connection. What is called here may cancel, close or post, but never leaves the group before it returns.
class Task : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  virtual ~Task() = default;
  virtual void ask_to_end() = 0;          // first stage: finish what is under way
  virtual void cut() = 0;                 // second stage: close the socket
  virtual void tick(SteadyTime now) = 0;  // a few times a second: deadlines and heartbeats
};

class TaskGroup {
 public:
  void add(Task& task) { tasks_.push_back(task); }
  void remove(Task& task) { task.unlink(); }
  bool empty() const { return tasks_.empty(); }

  void ask_to_end() {
    for (Task& task : tasks_) task.ask_to_end();
  }
  void cut() {
    for (Task& task : tasks_) task.cut();
  }
  void tick(SteadyTime now) {
    for (Task& task : tasks_) task.tick(now);
  }

 private:
  boost::intrusive::list<Task, boost::intrusive::constant_time_size<false>> tasks_;
};

}  // namespace bayward::net
