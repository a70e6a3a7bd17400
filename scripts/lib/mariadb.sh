#!/usr/bin/env bash
# A private MariaDB for tests and demonstrations, on its own data directory and socket, run as user
# mysql (by root) or as oneself; and the schemas of an existing server.
#
#   mariadb.sh start DIR [--port P] [--unforced]
#                                         installs once, starts, waits until it answers; without
#                                         --port it listens on DIR/mariadb.sock only; unforced: what
#                                         is committed outlives the server's death, not a power cut
#   mariadb.sh stop DIR                   orderly end
#   mariadb.sh admin-url DIR              mysql:// URL of its administrator
#   mariadb.sh url DIR [SCHEMA]           the same, for one schema
#   mariadb.sh create DIR SCHEMA          schema and least-privilege user; prints the user's URL
#   mariadb.sh create-at URL SCHEMA       the same at any server, as the administrator of URL
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

socket_bytes_max=107 # of sockaddr_un
ready_seconds_max=60

usage() { sed -n '2,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

# Root hands the server over to user mysql; nobody else can.
as_server() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid=mysql --regid=mysql --init-groups -- "$@"
  else
    "$@"
  fi
}

running() { [ -f "$dir/mariadb.pid" ] && kill -0 "$(cat "$dir/mariadb.pid")" 2>/dev/null; }

prepare_folder() {
  mkdir -p "$dir"
  chmod 700 "$dir"
  [ "$(id -u)" -ne 0 ] || chown mysql:mysql "$dir"
  as_server test -x "$dir" || die "user mysql cannot enter $dir: one of the folders above is closed to it"
  [ ${#socket} -le $socket_bytes_max ] || die "the path $socket is too long for a socket"
}

install_data() {
  [ -d "$dir/data/mysql" ] && return 0
  as_server mkdir -p "$dir/data" "$dir/tmp"
  as_server mariadb-install-db --no-defaults --datadir="$dir/data" --tmpdir="$dir/tmp" \
    --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve \
    >"$dir/install.log" 2>&1 ||
    { tail -20 "$dir/install.log" >&2; die "mariadb-install-db failed"; }
}

start() {
  local port='' network=(--skip-networking) durability=(--innodb-flush-log-at-trx-commit=1)
  while [ $# -gt 0 ]; do
    case "$1" in
      --port) port=${2:?port}; network=(--port="$port" --bind-address=127.0.0.1); shift 2 ;;
      --unforced) durability=(--innodb-flush-log-at-trx-commit=2 --innodb-doublewrite=OFF); shift ;;
      *) usage ;;
    esac
  done
  running && return 0
  command -v mariadbd >/dev/null || die "mariadbd is not installed (package mariadb-server)"
  prepare_folder
  install_data
  # Durable as in production, and small: tests share the machine with it. One file for all tables
  # makes the schemas of hundreds of tests cheap.
  as_server setsid mariadbd --no-defaults --datadir="$dir/data" --tmpdir="$dir/tmp" \
    --socket="$socket" --pid-file="$dir/mariadb.pid" "${network[@]}" --skip-name-resolve \
    --character-set-server=utf8mb4 "${durability[@]}" \
    --innodb-buffer-pool-size=64M --innodb-log-file-size=32M \
    --innodb-file-per-table=OFF --sync-frm=OFF --performance-schema=OFF \
    --max-connections=200 --skip-log-bin </dev/null >"$dir/mariadb.log" 2>&1 &
  local server=$! until=$((SECONDS + ready_seconds_max))
  until mariadb-admin --no-defaults --socket="$socket" --user=root ping >/dev/null 2>&1; do
    kill -0 "$server" 2>/dev/null || { tail -20 "$dir/mariadb.log" >&2; die "MariaDB ended: $dir/mariadb.log"; }
    [ $SECONDS -lt $until ] || die "MariaDB does not answer after $ready_seconds_max s: $dir/mariadb.log"
    sleep 0.1
  done
  [ -z "$port" ] || printf '%s\n' "$port" >"$dir/port"
}

stop() {
  local pid
  running || return 0
  pid=$(cat "$dir/mariadb.pid")
  kill -TERM "$pid"
  for _ in $(seq 300); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  note "MariaDB did not end in 30 s: killed"
  kill -KILL "$pid"
}

encode() { jq -rn --arg text "$1" '$text | @uri'; }
decode() { printf '%b' "${1//%/\\x}"; }
admin_url() { printf 'mysql://root@/%s?socket=%s\n' "${1:-}" "$(encode "$socket")"; }

# read_url <mysql:// URL>: sets user, password, host, port, socket, query.
read_url() {
  local rest authority
  case "$1" in mysql://*@*) rest=${1#mysql://} ;; *) die "not a mysql:// URL with a user" 2 ;; esac
  query=
  case "$rest" in *\?*) query=${rest#*\?} rest=${rest%%\?*} ;; esac
  authority=${rest%%/*}
  host=${authority##*@}
  user=${authority%@*}
  password=
  case "$user" in *:*) password=$(decode "${user#*:}") user=${user%%:*} ;; esac
  user=$(decode "$user")
  port=
  case "$host" in *:*) port=${host##*:} host=${host%:*} ;; esac
  socket=
  case "&$query" in *"&socket="*) socket="&$query" socket=${socket#*&socket=} socket=$(decode "${socket%%&*}") ;; esac
}

# Runs SQL from standard input as the administrator of the URL read last. The password stays out of
# the process list.
administer() {
  local arguments=(--batch)
  [ -z "$host" ] || arguments+=(--host="$host")
  [ -z "$port" ] || arguments+=(--port="$port" --protocol=tcp)
  [ -z "$socket" ] || arguments+=(--socket="$socket")
  MYSQL_PWD=$password mariadb --no-defaults --user="$user" "${arguments[@]}"
}

create_at() {
  local schema=${2:?schema} secret at from
  [[ "$schema" =~ ^[a-z][a-z0-9_]{0,62}$ ]] || die "a schema is named with a-z, 0-9 and _" 2
  read_url "$1"
  secret=$(od -An -N18 -tx1 /dev/urandom | tr -d ' \n')
  from=(localhost 127.0.0.1)
  case "$host" in '' | localhost | 127.0.0.1) ;; *) from=('%') ;; esac
  {
    printf 'CREATE DATABASE IF NOT EXISTS `%s` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;\n' "$schema"
    for at in "${from[@]}"; do
      printf "CREATE USER IF NOT EXISTS '%s'@'%s';\n" "$schema" "$at"
      printf "ALTER USER '%s'@'%s' IDENTIFIED BY '%s';\n" "$schema" "$at" "$secret"
      # In a grant "_" stands for any letter.
      printf "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, TRIGGER ON \`%s\`.* TO '%s'@'%s';\n" \
        "${schema//_/\\_}" "$schema" "$at"
    done
  } | administer
  printf 'mysql://%s:%s@%s/%s%s\n' "$schema" "$secret" "$host${port:+:$port}" "$schema" "${query:+?$query}"
}

[ $# -ge 2 ] || usage
command=$1
if [ "$command" = create-at ]; then
  create_at "$2" "${3:-}"
  exit
fi
dir=$(realpath -m "$2")
socket="$dir/mariadb.sock"
shift 2
case "$command" in
  start) start "$@" ;;
  stop) stop ;;
  admin-url) admin_url ;;
  url) admin_url "${1:-}" ;;
  create) create_at "$(admin_url)" "${1:-}" ;;
  *) usage ;;
esac
