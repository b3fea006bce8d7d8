# A throw-away PostgreSQL 15 on a socket of its own, for the peers. Sourced: start_postgres DIR, then $PSQL, $PGBENCH.
# Default durability: fsync and synchronous_commit on.
pg_bin=/usr/lib/postgresql/15/bin

as_postgres() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

start_postgres() {
  pg_dir=$1
  mkdir -p "$pg_dir/socket"
  [ "$(id -u)" != 0 ] || chown -R postgres: "$pg_dir"
  as_postgres "$pg_bin/initdb" -D "$pg_dir/data" -A trust -U bench >/dev/null
  cat >>"$pg_dir/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$pg_dir/socket'
shared_buffers = 2GB
max_wal_size = 8GB
max_connections = 200
CONF
  as_postgres "$pg_bin/pg_ctl" -D "$pg_dir/data" -w -l "$pg_dir/log" start >/dev/null
  PSQL="psql -X -q -v ON_ERROR_STOP=1 -h $pg_dir/socket -U bench -d postgres"
  PGBENCH="$pg_bin/pgbench -h $pg_dir/socket -U bench"
}

stop_postgres() {
  [ -z "${pg_dir-}" ] || as_postgres "$pg_bin/pg_ctl" -D "$pg_dir/data" -m immediate stop >/dev/null 2>&1 || true
}
