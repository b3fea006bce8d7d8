// From an action's name to the function that serves it: one constexpr table per version, in stations/.
//
//   // stations/v16/routes.cc
//   constexpr Route<Session> routes[] = {
//       answered_by<&boot_notification>(),   // Result<BootNotificationResponse, CallError> (Session&, const
//       BootNotificationRequest&) answered_later_by<&authorize>(),     // void (Session&, CallSerial, const
//       AuthorizeRequest&)
//   };
//   Reply reply = serve<Session>(v16::dialect(), routes, session, call);
//
// Pure; any thread (the context's rules apply).
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "ocpp/rpc/codec.h"
#include "ocpp/rpc/correlator.h"

namespace bayward::ocpp {

// The payload of our answer.
struct Answer {
  std::string payload;
};
// The handler has kept the serial and answers through the Correlator when it can.
struct Later {};
using Reply = std::variant<Answer, CallError, Later>;

template <class Context>
struct Route {
  std::string_view action;
  Reply (*serve)(Context&, CallSerial, const Json& payload, const Action& action) = nullptr;
};

// Our own answer does not fit the schema: our fault, so the station hears InternalError; the log hears why.
CallError refusal_of_own(std::string_view action, const Violation& violation);
// NotSupported for what the version knows, NotImplemented for the rest.
CallError refusal_of_unrouted(const Dialect& dialect, std::string_view action);

template <Message T>
Reply reply_with(const T& response, const Schema& schema = T::schema()) {
  auto payload = encode(response, schema);
  if (!payload) return refusal_of_own(T::action_name, payload.error());
  return Answer{std::move(*payload)};
}

namespace detail {

template <auto handler, class Context, Request R>
Reply serve_now(Context& context, CallSerial, const Json& payload, const Action& action) {
  auto request = decode<R>(payload, *action.request);
  if (!request) return refusal_of(request.error());
  Result<typename R::Response, CallError> response = handler(context, *request);
  if (!response) return response.error();
  return reply_with(*response, *action.response);
}

template <auto handler, class Context, Request R>
Reply serve_as_it_came(Context& context, CallSerial, const Json& payload, const Action& action) {
  auto request = decode<R>(payload, *action.request);
  if (!request) return refusal_of(request.error());
  Result<typename R::Response, CallError> response = handler(context, *request, payload);
  if (!response) return response.error();
  return reply_with(*response, *action.response);
}

template <auto handler, class Context, Request R>
Reply serve_later(Context& context, CallSerial serial, const Json& payload, const Action& action) {
  auto request = decode<R>(payload, *action.request);
  if (!request) return refusal_of(request.error());
  handler(context, serial, *request);
  return Later{};
}

template <auto handler, class Context, Request R, class Response>
constexpr Route<Context> route_now(Result<Response, CallError> (*)(Context&, const R&)) {
  static_assert(std::is_same_v<Response, typename R::Response>, "the response belongs to another action");
  return {R::action_name, &serve_now<handler, Context, R>};
}

template <auto handler, class Context, Request R, class Response>
constexpr Route<Context> route_now(Result<Response, CallError> (*)(Context&, const R&, const Json&)) {
  static_assert(std::is_same_v<Response, typename R::Response>, "the response belongs to another action");
  return {R::action_name, &serve_as_it_came<handler, Context, R>};
}

template <auto handler, class Context, Request R>
constexpr Route<Context> route_later(void (*)(Context&, CallSerial, const R&)) {
  return {R::action_name, &serve_later<handler, Context, R>};
}

}  // namespace detail

// The handler may also take the payload as it came.
template <auto handler>
constexpr auto answered_by() {
  return detail::route_now<handler>(handler);
}
template <auto handler>
constexpr auto answered_later_by() {
  return detail::route_later<handler>(handler);
}

template <class Context>
Reply serve(const Dialect& dialect, std::span<const Route<Context>> routes, Context& context,
            const IncomingCall& call) {
  const auto route = std::find_if(routes.begin(), routes.end(), [&](const auto& r) { return r.action == call.action; });
  const Action* action = find_action(dialect, call.action);
  if (route == routes.end() || action == nullptr) return refusal_of_unrouted(dialect, call.action);
  return route->serve(context, call.serial, call.payload, *action);
}

}  // namespace bayward::ocpp
