# The booking peer: a tstzrange exclusion constraint over 100,000 bays, pgbench with 64 clients. Prints bookings/s.
# Sourced after postgres.sh; work directory in $work.
pg_booking() {
  seconds=$1
  start_postgres "$work/pg"
  $PSQL <<'SQL'
create extension btree_gist;
create table booking (
  id bigint generated always as identity primary key,
  bay integer not null,
  account integer not null,
  during tstzrange not null,
  exclude using gist (bay with =, during with &&)
);
SQL
  cat >"$work/book.sql" <<'SQL'
\set bay random(1, 100000)
\set account random(1, 10000)
\set slot random(4, 2884)
insert into booking (bay, account, during)
values (:bay, :account, tstzrange('2027-01-15 08:00+00'::timestamptz + :slot * interval '15 minutes',
                                  '2027-01-15 10:00+00'::timestamptz + :slot * interval '15 minutes'))
on conflict do nothing;
SQL
  $PGBENCH -n -M prepared -c 64 -j 2 -T "$seconds" -f "$work/book.sql" postgres >"$work/pgbench.out" 2>&1 || { cat "$work/pgbench.out" >&2; return 1; }
  stop_postgres
  sed -n 's/^tps = \([0-9.]*\).*/\1/p' "$work/pgbench.out"
}
