# Shared by the four doors: where we are, how we speak, how we fail. Sourced, never run.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export PREAU_HOME="$root"

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }
die() {
  printf '\033[31mpreau:\033[0m %s\n' "$1" >&2
  exit "${2:-1}"
}

jobs_max() { nproc 2>/dev/null || echo 2; }
