# A bayward-server of our own for a bench: start_server DIR [ARGUMENTS] starts it on a free port with a fresh data directory
# and sets $port, $server_pid and $operator_password; its log is DIR.log. Sourced.
operator_phone=+4930123456
operator_password=bench-operator-password

start_server() {
  server_dir=$1
  shift
  printf '%s\n' "$operator_password" |
    "$BAYWARD_BIN/bayward-server" init --data-dir "$server_dir" --operator-phone "$operator_phone" --password-stdin >&2
  "$BAYWARD_BIN/bayward-server" serve --data-dir "$server_dir" --port 0 --rate-limit-scale 100000 --log-level info "$@" \
    2>"$server_dir.log" >/dev/null &
  server_pid=$!
  tries=0
  until port=$(sed -n 's/.*"what":"http.listening".*"port":\([0-9]*\).*/\1/p' "$server_dir.log") && [ -n "$port" ]; do
    kill -0 "$server_pid" 2>/dev/null || { cat "$server_dir.log" >&2; return 1; }
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || { echo "the server does not listen" >&2; return 1; }
    sleep 0.1
  done
}

stop_server() {
  if [ -n "${server_pid-}" ]; then
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
    server_pid=
  fi
}
