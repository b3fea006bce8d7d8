// Every bound of a queue, buffer, message or retry in one place, with what happens when it is reached.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bayward::limits {

// Engine. Full inbox: the command is answered `overloaded` at once (HTTP 503 with Retry-After), nothing is queued.
inline constexpr size_t inbox_commands = 8192;
inline constexpr size_t batch_commands = 1024;         // commands in one durable commit
inline constexpr size_t batch_deadlines = 256;         // of those, deadlines; the rest comes with the next
inline constexpr size_t saga_steps = 32;               // steps one command may set off within its record
inline constexpr size_t idempotency_keys = 1'000'000;  // oldest forgotten first
inline constexpr int64_t idempotency_hours = 24;

// HTTP. Over: 413, 431 or 400, and the connection is closed.
inline constexpr size_t http_body_bytes = 256 * 1024;
inline constexpr size_t http_header_bytes = 8 * 1024;
inline constexpr size_t http_connections = 4096;
inline constexpr size_t http_query_parameters = 64;  // more: 400
inline constexpr size_t feed_queue_messages = 1024;  // a slower reader is disconnected and resumes by Last-Event-ID
inline constexpr int json_depth = 32;

// API. Full: 503 or 429 with Retry-After, or the oldest is forgotten.
inline constexpr size_t api_worker_queue = 256;         // slow requests waiting (passwords, lists); more: 503
inline constexpr size_t api_tokens_cached = 100'000;    // verified tokens in memory; a forgotten one is verified again
inline constexpr size_t api_tokens_per_account = 64;    // sessions and API tokens; the session used least recently ends
inline constexpr size_t api_rate_places = 65'536;       // callers told apart by one rate limit; beyond: they share
inline constexpr size_t feed_readers = 4096;            // open feeds; more: 503
inline constexpr size_t feed_ring_messages = 65'536;    // a reader that resumes from before them is told to reload
inline constexpr size_t feed_history_records = 20'000;  // read from the journal at start, to fill the ring
inline constexpr size_t ended_bookings_known = 200'000;  // whose messages can still be sent; oldest forgotten first

// WebSocket. Full queue: the peer doesn't read, its socket is closed with 1008 (RFC 6455 7.4.1) and the rest is
// dropped.
inline constexpr size_t websocket_send_queue_messages = 256;
inline constexpr size_t websocket_send_queue_bytes = 1024 * 1024;

// Clients (town, benches, connectors). Full: the further request fails at once.
inline constexpr size_t http_client_queue_requests = 64;
inline constexpr size_t http_client_body_bytes = 16 * 1024 * 1024;
inline constexpr size_t http_client_header_bytes = 16 * 1024;

// Logs. Full: the oldest line is dropped.
inline constexpr size_t log_queue_lines = 8192;

// OCPP. Over: the socket is closed with 1009 (RFC 6455 7.4.1).
inline constexpr size_t ocpp_message_bytes = 128 * 1024;
inline constexpr size_t ocpp_send_queue_messages =
    64;                                        // our calls waiting for one station; the least urgent is refused
inline constexpr size_t ocpp_open_calls = 32;  // the station's calls being served; a further one is refused
inline constexpr size_t ocpp_remembered_answers =
    32;  // repeats of those calls get the same answer; oldest forgotten first
inline constexpr int64_t ocpp_repeat_seconds = 120;  // and only for so long
inline constexpr size_t stations_connected = 20'000;
inline constexpr int connectors_per_station = 32;
inline constexpr size_t stations_pending = 256;         // unknown ones shown to the operator; a further one is told 503
inline constexpr size_t transactions_per_station = 64;  // remembered between messages; the oldest is forgotten
inline constexpr size_t local_list_entries = 100;    // authorisations sent to one station; owners and the soonest first
inline constexpr size_t failed_logins = 4096;        // remembered (identity, peer) pairs; the oldest is forgotten
inline constexpr size_t station_setting_names = 32;  // in one order of the staff
inline constexpr size_t csr_bytes = 5500;            // OCPP: SignCertificate.csr; longer: rejected
inline constexpr size_t certificates_signed_per_hour = 10;  // for one station; a further request is rejected
inline constexpr size_t security_events_per_minute = 30;    // of one station written to the audit log
inline constexpr size_t security_events_kept = 100'000;     // of all stations; the oldest are deleted
inline constexpr size_t security_event_chars = 512;         // of the detail of one; longer: cut
inline constexpr size_t station_reports = 4;                // of one station being assembled; the oldest is dropped
inline constexpr size_t station_report_variables = 10'000;  // in one report; further ones are dropped and counted
inline constexpr size_t station_call_payload_bytes = 64 * 1024;  // of a call that staff has written itself
// What a station and we have said to each other, newest first; the oldest is forgotten.
inline constexpr size_t message_log_bytes = 8 * 1024;            // of each station
inline constexpr size_t message_log_watched_bytes = 256 * 1024;  // of one that somebody looks at
inline constexpr size_t message_logs_watched = 64;               // at a time; further ones stay small
inline constexpr int64_t message_log_watch_seconds = 600;        // after the last look
inline constexpr size_t message_log_text_bytes = 4096;           // of one message; a longer one's text is not kept
inline constexpr size_t messages_shown = 200;                    // in one answer
// What stations upload: diagnostics and logs.
inline constexpr size_t station_upload_bytes = 16 * 1024 * 1024;  // of one; longer: 413
inline constexpr size_t station_uploads_awaited = 256;            // asked for and not there yet; the oldest is given up
inline constexpr size_t station_uploads_kept = 200;               // of all stations; the oldest are deleted
inline constexpr int64_t station_upload_seconds = 24 * 3600;      // after which an upload that was asked for is refused
// What operators have many stations do: firmware campaigns and sets of settings. Over: refused with a word.
inline constexpr size_t firmware_image_bytes = 64 * 1024 * 1024;  // of one; longer: 413
inline constexpr size_t firmware_images = 32;                     // kept; one has to be deleted before the next
inline constexpr size_t firmware_campaigns = 200;                 // known; the oldest that is over is forgotten
inline constexpr size_t campaign_stations = 5000;                 // in one
inline constexpr size_t campaign_stages = 10;
inline constexpr size_t campaign_at_once = 100;
inline constexpr int campaign_tries = 10;
inline constexpr size_t setting_sets = 64;
inline constexpr size_t settings_of_set = 64;
inline constexpr size_t settings_at_once = 10;       // in one call; a longer set takes several, one after the other
inline constexpr size_t stations_set_at_once = 50;   // being compared with their sets; further ones wait
inline constexpr size_t fleet_sites_of_group = 200;  // named one by one
inline constexpr size_t fleet_writes_at_once = 512;  // documents in one transaction; the rest comes in the next

// Domain.
inline constexpr int64_t booking_slots_max = 7 * 96;  // of the default unit: one week
inline constexpr int64_t calendar_days = 35;          // how far ahead slots can be booked
inline constexpr size_t bays_per_site = 20'000;
inline constexpr size_t windows_per_bay = 64;
inline constexpr size_t vehicles_per_account = 16;
inline constexpr size_t tokens_per_account = 16;
inline constexpr size_t open_bookings_per_account = 64;
inline constexpr size_t accidents_kept = 8;           // of an account (A6); the one that expires first goes
inline constexpr size_t parkings_known = 20;          // of an account (A6); the oldest goes
inline constexpr size_t top_ups_waiting = 8;          // of an account, begun within a day and not paid; more: refused
inline constexpr size_t top_ups_kept = 32;            // of an account, for its own list; the oldest goes
inline constexpr size_t audit_scan_records = 20'000;  // looked at for one page of the audit; then the reader goes on
inline constexpr size_t suppressions_per_site = 64;   // a further one is refused
inline constexpr size_t standing_order_bytes = 4000;  // in each language; longer: refused
inline constexpr size_t shifts_kept = 64;             // hand-overs of a site; the oldest goes
inline constexpr size_t shift_incidents = 200;        // named in one hand-over; of more only the count
inline constexpr size_t claims_kept = 1000;           // against wrong parkers of a site; the oldest goes
inline constexpr size_t report_incidents = 50'000;    // looked at for one report; it says when there were more
inline constexpr size_t nearby_told = 256;            // neighbours told of one danger, by number of their bays
inline constexpr size_t search_results = 100;
inline constexpr size_t search_candidates = 1000;  // the nearest so many are compared by price
inline constexpr size_t page_items = 200;
inline constexpr size_t label_chars = 64;
inline constexpr size_t tariff_rules = 64;
inline constexpr size_t tariff_holidays = 512;
inline constexpr int64_t rate_e4_max = 10'000'000'000;  // ten-thousandths of a minor unit per kWh or hour
inline constexpr int64_t fee_minor_max = 1'000'000'000;
inline constexpr int64_t priced_days = 366;                             // longer parking is billed to here and flagged
inline constexpr int64_t register_milliwh_max = 1'000'000'000'000'000;  // a reading above is a defect of the meter

// Alarms on their way out. Full: nothing is lost, the core has them sent again at their next deadline.
inline constexpr size_t alarms_noted = 50'000;    // deliveries announced by the engine and not looked at
inline constexpr size_t alarms_looked_at = 256;   // in one look at the state
inline constexpr size_t alarms_in_hand = 20'000;  // waiting for a channel or for its answer
inline constexpr size_t alarm_sends = 4;          // at once through one channel
inline constexpr size_t mails_waiting = 64;       // for the mail server; a further one has failed
inline constexpr size_t mail_reply_bytes = 512;   // of what the mail server says about one; the rest is left out

// Telemetry. Full: the oldest samples are dropped and counted (bayward_telemetry_dropped_total).
inline constexpr size_t telemetry_samples = 200'000;

// Storage.
inline constexpr size_t sql_statements_cached = 64;    // per connection; a further one is prepared anew each time
inline constexpr size_t journal_block_records = 1024;  // records read under one read transaction
inline constexpr size_t journal_blocks_ahead = 8;      // blocks a reader's helper thread may be ahead of its caller
inline constexpr size_t journal_readers_idle = 4;      // read connections kept open; further ones are closed after use
inline constexpr size_t snapshots_kept = 2;            // older ones are deleted
inline constexpr size_t projection_batch_records = 1024;  // records applied in one transaction of the projections
inline constexpr size_t read_connections_idle = 4;        // per database, kept open; further ones are closed after use
inline constexpr size_t plate_chars = 16;                 // longer: refused
inline constexpr size_t vault_text_bytes = 4096;          // longer: refused
inline constexpr size_t vault_picture_bytes = 65 * 1024;  // of a plate's picture; longer: refused
inline constexpr size_t telemetry_batch = 20'000;         // samples in one transaction
inline constexpr size_t telemetry_points = 5000;          // most points one query gives

// Local mesh. What is too long is refused; what finds a table full is counted and not kept, oldest or least urgent
// first where that is said.
inline constexpr size_t mesh_frame_bytes =
    1514;  // Ethernet without its check sequence; longer: ignored (never fragmented)
inline constexpr size_t mesh_interfaces = 8;
inline constexpr size_t mesh_keys = 4;
inline constexpr size_t mesh_gateways = 64;         // gateways of a site known at a time
inline constexpr size_t mesh_neighbours = 64;       // gateways heard directly on one interface
inline constexpr size_t mesh_devices = 128;         // 1905.1 devices that are not ours, or not yet proved
inline constexpr size_t mesh_senders = 128;         // counters remembered; the one heard longest ago is forgotten
inline constexpr size_t mesh_alarms = 2048;         // known at a time; cleared ones make room first, oldest first
inline constexpr size_t mesh_open_alarms = 16;      // of one gateway; a less urgent one makes room
inline constexpr size_t mesh_bays_per_gateway = 8;  // states published
inline constexpr size_t mesh_label_bytes = 64;      // texts of messages
inline constexpr size_t mesh_text_bytes = 128;      //
inline constexpr size_t mesh_unit_bytes = 8;        //
inline constexpr int mesh_alarm_repeats = 14;       // to one neighbour, with backoff; then by greetings only
inline constexpr size_t mesh_seen_messages = 1024;  // (source, type, id) of relayed messages; the oldest is forgotten
inline constexpr size_t mesh_tlvs = 64;             // in one message; more: malformed
inline constexpr size_t mesh_events = 4096;         // waiting for the owner; beyond: the oldest state is dropped
inline constexpr int64_t mesh_standard_per_second =
    200;  // unsigned 1905.1 messages worked on per interface; twice in a burst
inline constexpr int64_t mesh_foreign_relays_per_second = 50;  // of other vendors' messages; twice in a burst
inline constexpr int64_t mesh_unproven_per_second = 50;        // signed messages whose sender is still to be proved
inline constexpr int64_t mesh_alarms_per_second = 50;          // relayed messages of one sender; twice in a burst
inline constexpr int64_t mesh_states_per_second = 20;          // the same; what is dropped is repaired from a neighbour
inline constexpr uint64_t mesh_counters_ahead = 65'536;        // numbers made durable at once

// Town. A station that is offline for longer forgets its newest messages, as devices with full memory do.
inline constexpr size_t station_outbox_messages = 4096;
inline constexpr size_t town_mains_events = 64;   // dips and failures to come; a further one is refused
inline constexpr size_t garage_junctions = 4096;  // of a plan; a larger one is refused
inline constexpr size_t garage_areas = 256;
inline constexpr size_t town_waiting_inputs = 8;  // cards and presses a bay has not looked at; more are lost

// Garage: pictures. Over: the picture is refused with a plain word; nothing of it is decoded.
inline constexpr size_t picture_bytes = 4 * 1024 * 1024;
inline constexpr int64_t picture_side_px = 4096;
inline constexpr int64_t picture_pixels = 12'000'000;
inline constexpr int64_t bay_picture_side_px = 960;  // longest side of what the LAN page shows

// Site controller, uplink. A further station is told 503. Full: samples are thinned to every second one, then statuses
// dropped; what is billed is refused, so that the station keeps it.
inline constexpr size_t uplink_stations = 512;
inline constexpr size_t uplink_kept_messages = 20'000;  // of one station
inline constexpr size_t uplink_kept_bytes = 64 * 1024 * 1024;
inline constexpr size_t uplink_tokens = 512;          // of one station; the one that ends first is forgotten
inline constexpr size_t uplink_reservations = 64;     // the oldest is forgotten
inline constexpr size_t handover_bays = 200;          // of a site with a controller: its briefing is one message
inline constexpr size_t handover_claims = 400;        // in one briefing; those that begin last are left out
inline constexpr size_t handover_log_entries = 4096;  // that the platform has not taken; full: nothing more is held
inline constexpr size_t handover_asks_known = 1024;   // a repeated ask gets the same answer; the oldest is forgotten
inline constexpr size_t uplink_digests_waiting = 64;  // passwords being compared; a further login is told 503

// Garage: the LAN page. Full: 503 or 429 with Retry-After, or the oldest is forgotten.
inline constexpr size_t lan_sessions = 4096;  // the one used least recently ends
inline constexpr int64_t lan_session_hours = 12;
inline constexpr size_t lan_waiting = 256;  // people waiting for one look at the bays; a further one: 503
inline constexpr size_t lan_clients_rated =
    4096;  // addresses told apart by the rate limit; beyond: the oldest starts anew
inline constexpr size_t lan_body_bytes = 4096;  // longer: 413
inline constexpr size_t look_pictures = 64;     // bays shown with a picture in one look; further ones without
inline constexpr size_t looks_kept = 2;         // whose pictures can still be fetched
inline constexpr size_t qr_code_chars = 96;     // longer: not one of ours
inline constexpr size_t sms_numbers =
    10'000;  // numbers whose codes of the day are counted; beyond: nobody new gets one

// Bay device. Full: meter values between start and end of a transaction go first, the oldest before newer ones; then a
// further message that nobody is billed by is refused. What is billed is always kept.
inline constexpr size_t bay_messages = 4096;           // for the central system, on disk or in memory
inline constexpr size_t bay_messages_in_memory = 256;  // that could not be written to disk; the oldest is forgotten
inline constexpr size_t bay_local_list = 256;          // a longer list is refused
inline constexpr size_t bay_charging_profiles = 16;    // a further one is refused
inline constexpr size_t bay_monitors = 32;             // set by the central system; a further one is refused
inline constexpr size_t bay_display_messages = 8;      // a further one is refused
inline constexpr size_t bay_open_calls = 4;            // panic and car alarms without all-clear; the oldest is ended
inline constexpr size_t bay_report_items = 16;         // variables in one NotifyReport
inline constexpr size_t bay_modbus_devices = 8;
inline constexpr size_t bay_modbus_points = 64;
inline constexpr size_t bay_gpio_lines = 32;
inline constexpr size_t bay_iio_devices = 8;
inline constexpr size_t bay_firmware_bytes = 16 * 1024 * 1024;  // a longer download is broken off
inline constexpr size_t bay_script_line_bytes = 256;            // of the scripted hardware; a longer line is refused

// Garage: guidance. Over: refused with a word at the configuration, or the oldest is forgotten.
inline constexpr size_t garage_nodes = 32'768;
inline constexpr size_t garage_lanes = 131'072;
inline constexpr size_t garage_name_chars = 48;
inline constexpr size_t cars_waiting_for_guidance = 16;  // for a colour; a further one is told the bay by words alone
inline constexpr size_t plates_remembered = 1024;        // readings told apart from repeats; oldest forgotten first
inline constexpr size_t lamps_per_driver = 4096;

// Garage: pods. Over: refused at the configuration.
inline constexpr size_t pods_per_site = 1024;
inline constexpr size_t poles_per_site = 4096;
inline constexpr size_t pod_sharers = 8;  // logins one mover may share; a further one is refused
inline constexpr size_t fence_corners = 64;

// Garage: Wi-Fi. Full: refused with a word, or the oldest is forgotten.
inline constexpr size_t wifi_grants = 4096;      // passwords that live at once; a further one is refused
inline constexpr size_t wifi_habits = 10'000;    // phone numbers whose usual places and hours are known
inline constexpr size_t wifi_places_known = 16;  // of one number; oldest forgotten first
inline constexpr size_t wifi_access_points = 256;
inline constexpr size_t hostapd_reply_bytes = 8192;  // longer: not looked at

// Fire desk links. Full: the message is refused at once and the core sends it again later.
inline constexpr size_t stream_unsent_bytes = 1024 * 1024;  // a far side that doesn't read is closed
inline constexpr size_t fire_waiting_messages = 8192;       // for one link
inline constexpr size_t fire_open_incidents = 4096;         // known to the device state; further ones are not in it
inline constexpr size_t fire_replies_per_second = 50;       // to requests of the far side; further ones go unanswered
inline constexpr size_t fire_garbage_bytes = 64 * 1024;     // in a row, then the link is closed
inline constexpr size_t fire_unit_bytes = 1024;             // GB/T 26875.3 6.6: of application data
inline constexpr size_t sia_message_bytes = 2048;           // longer: not a message
inline constexpr size_t cap_alerts = 1024;  // known at a time; what is over is forgotten first, then the oldest

// Police desk links and watch lists. Over: the order is refused with a word, the far side sends it again or not at all.
inline constexpr size_t watch_orders = 10'000;            // known at a time
inline constexpr size_t watch_plates = 500'000;           // of all orders together
inline constexpr size_t watch_plates_together = 1000;     // in one command: an order of more comes in parts
inline constexpr size_t watch_request_bytes = 16 << 20;   // of one request with orders; longer: 413
inline constexpr size_t police_orders_together = 1000;    // in one request; more: refused
inline constexpr size_t police_passes = 4096;             // waiting for one link; the oldest is dropped
inline constexpr size_t police_pictures = 64;             // of those with a picture; the oldest goes without it
inline constexpr size_t plate_picture_bytes = 64 * 1024;  // a JPEG that comes with a plate; longer: refused
inline constexpr size_t police_waiting_messages = 1024;   // for one link; a further one is sent again by the core
inline constexpr size_t police_nonces = 256;              // given out and not used up; the oldest is forgotten
inline constexpr size_t sip_message_bytes = 64 * 1024;    // longer: the connection is closed, a datagram is dropped
inline constexpr size_t sip_headers = 64;                 // more: not a message
inline constexpr size_t manscdp_depth = 8;                // of XML in it; deeper, or with a DTD: refused

}  // namespace bayward::limits
