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

# worse <a> <b>: of two exit codes, missed before inconclusive before met.
worse() { if [ "$1" = 1 ] || [ "$2" = 1 ]; then echo 1; elif [ "$1" = 3 ] || [ "$2" = 3 ]; then echo 3; else echo 0; fi; }
