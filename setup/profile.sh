#!/usr/bin/env bash
# Learns which paths through the program are the usual ones: builds it with counters in it, lets it answer what
# setup/bench/training.py asks, and leaves weir.profdata in the target folder. `make build` and `make release` compile
# with that. A profile of older sources does no harm: what has changed since is compiled as if nothing were known of it.
source "$(dirname "$0")/say.sh"

[ "$(nproc)" -ge 2 ] || die 'this needs two cores: one for the program, one for who asks'
target=${CARGO_TARGET_DIR:-$PWD/target}
llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')

# Counts are read by the tools of the LLVM that wrote them, and by no older ones.
merge=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin/llvm-profdata
if [ ! -x "$merge" ]; then
  setup/apt.sh "llvm-$llvm" || die "or add the component: rustup component add llvm-tools"
  merge=llvm-profdata-$llvm
fi

say 'building with counters'
# The same package and settings as `make build`: a function is known by a name that both are part of.
counted=$target/counted
CARGO_TARGET_DIR=$counted CARGO_ENCODED_RUSTFLAGS=-Cprofile-generate=$counted/counts \
  cargo build --locked --release --package weir
ln -sfn "$PWD/.setup/engine/libchdb.so" "$counted/release/libchdb.so"

say 'letting it answer'
# Build scripts are programs too, and counted as they ran.
rm -rf "$counted/counts"
BENCH_PROGRAM=$counted/release/weir python3 -B setup/bench/training.py
"$merge" merge --output="$target/weir.profdata" "$counted/counts"
# Cargo does not see that a profile has changed: what is built is to be built again.
rm -rf "$target/release/.fingerprint"
say "learnt: $target/weir.profdata ($(du -h "$target/weir.profdata" | cut -f 1))"
