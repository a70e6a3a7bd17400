# Building with visible progress. Sourced after common.sh.

# build <preset> [ninja target…]
build() {
  local preset=$1
  shift
  local dir="$root/build/$preset"
  if [ ! -f "$dir/build.ninja" ]; then
    say "Configuring ($preset)"
    (cd "$root" && cmake --preset "$preset" >"$root/build/configure-$preset.log" 2>&1) || {
      tail -30 "$root/build/configure-$preset.log" >&2
      die "the configuration failed: build/configure-$preset.log"
    }
  fi
  say "Building ($preset)"
  NINJA_STATUS='    [%f/%t, %es] ' ninja -C "$dir" -j "$(jobs_max)" "$@" >&2
}
