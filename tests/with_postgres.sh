#!/bin/bash
# tests/with_postgres.sh COMMAND...: run a command while a throw-away PostgreSQL server listens on loopback.
# Its address is in POSTGRES; see `gradebook_at` in tests/conftest.py. Needs Debian's server, and installs it as root.
set -eu

server() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

if [ -z "$(server)" ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "There is no PostgreSQL server here. Run this as root on Debian, which installs one, or install it yourself." >&2
        exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends postgresql
fi

folder=$(mktemp -d)
as_user=()
if [ "$(id -u)" = 0 ]; then # the server refuses to run as root
    chown postgres "$folder"
    as_user=(runuser -u postgres --)
fi
pg() { (cd "$folder" && "${as_user[@]}" "$(server)/$@"); }
stop() {
    pg pg_ctl -D data -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
pg initdb -D data -U grader -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
pg pg_ctl -D data -l log -w -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" start \
    >/dev/null || { cat "$folder/log" >&2; exit 1; }

export POSTGRES="postgresql+psycopg://grader@127.0.0.1:$port"
"$@"
