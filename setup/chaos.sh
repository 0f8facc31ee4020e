#!/usr/bin/env bash
# Plays every fault at length, one at a time, and makes docs/CHAOS.md from what came out, also when
# some fail. Arguments go to the runner; CHAOS_SEED=… repeats a run.
source "$(dirname "$0")/say.sh"

cargo nextest --version >/dev/null 2>&1 || die 'cargo-nextest is missing: cargo install --locked cargo-nextest'
page='test(=row::the_page_is_made_from_the_rows)'
run() { CHAOS=long cargo nextest run --locked --package weir --test chaos --no-fail-fast "$@"; }

rm -rf target/chaos
status=0
run --test-threads 1 "$@" || status=$?
run --run-ignored all --filterset "$page"
exit "$status"
