# Dependencies go one way: which folder may include which (docs/architecture.md). Sourced.

# check_includes: prints every include in the wrong direction; fails if there is one.
check_includes() {
  (cd "$root" && git ls-files --cached --others --exclude-standard -- 'shared/*.[ch]pp' 'services/*.[ch]pp') |
    while read -r file; do
      grep -Hn '^#include' "$root/$file" | sed "s|^$root/||"
    done | awk -F: -f "$root/scripts/lib/check-includes.awk"
}
