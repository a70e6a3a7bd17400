# Shared by the measurements: medians and the rule for what is inconclusive. Sourced.

set -euo pipefail

# median <file of numbers>
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# steady <file of numbers>: false when they differ by more than 20 %.
steady() { sort -n "$1" | awk 'NR == 1 { low = $1 } { high = $1 } END { exit !(high <= 1.2 * low) }'; }

# judge <name> <bar percent, at least> <file of the limit A> <file of ours B>: prints the ratio;
# 0 met, 1 missed, 3 inconclusive.
judge() {
  awk -v name="$1" -v bar="$2" -v a="$(median "$3")" -v b="$(median "$4")" 'BEGIN {
    ratio = 100 * b / a
    printf "%-28s limit %10.1f/s   ours %10.1f/s   %.0f %% (at least %d %%)\n", name, a, b, ratio, bar
    exit !(ratio >= bar)
  }' && local met=0 || local met=1
  steady "$3" || { echo "    inconclusive: the runs of the limit differ by more than 20 %"; return 3; }
  return "$met"
}

# worse <a> <b>: of two exit codes, missed (or broken) before inconclusive before met.
worse() { if [ "$1" -eq 0 ] || { [ "$1" -eq 3 ] && [ "$2" -ne 0 ]; }; then echo "$2"; else echo "$1"; fi; }

# calibrate: sets $calibration, by which times measured here are divided before they meet a bar: how much
# slower a core of this machine is than the one that the bars were set on. Processor time, so that a busy
# moment makes nothing look better. (The index, bound by memory, calibrates itself with memory.)
calibration_reference_ms=340
calibrate() {
  local n TIMEFORMAT=%U
  for n in 1 2 3; do
    { time sqlite3 :memory: "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 2000000)
      SELECT sum(x * x % 7) FROM c" >/dev/null; } 2>&1
  done | sort -n | head -1 >"$work/calibration"
  calibration=$(awk -v r="$calibration_reference_ms" '{ printf "%.2f", $1 * 1000 / r }' "$work/calibration")
  echo "    calibration $calibration ($(cat "$work/calibration") s beside $calibration_reference_ms ms)"
}
