#!/usr/bin/env bash
# Fuzzes what reads the bytes of strangers and of damaged disks, each target for FUZZ_SECONDS (120 unless set);
# arguments choose targets by name. What is found lies in artifacts/ beside the target, with the command that plays
# it again in the output. What is learnt lies in corpus/ and serves the next run.
source "$(dirname "$0")/say.sh"

seconds=${FUZZ_SECONDS:-120}
if ! cargo fuzz --version >/dev/null 2>&1; then
  say 'installing cargo-fuzz'
  cargo install --locked cargo-fuzz
fi

# libFuzzer needs flags of the compiler that are not stable; with this the installed one takes them.
export RUSTC_BOOTSTRAP=1

say 'seeds: segments as the spool writes them'
cargo test --quiet --manifest-path ingest/spool/fuzz/Cargo.toml --test seeds

for folder in ingest/spool/fuzz fuzz; do
  for target in $(cargo fuzz list --fuzz-dir "$folder"); do
    [ $# = 0 ] || [[ " $* " = *" $target "* ]] || continue
    say "$target: $seconds s"
    corpus=$folder/corpus/$target
    seeds=$folder/seeds/$target
    mkdir -p "$corpus"
    # No sanitizer: the readers are without `unsafe`, and twice as fast.
    cargo fuzz run --fuzz-dir "$folder" --sanitizer none "$target" "$corpus" $([ ! -d "$seeds" ] || echo "$seeds") -- \
      -max_total_time="$seconds" -max_len=8192 -timeout=10 -print_final_stats=1
  done
done
