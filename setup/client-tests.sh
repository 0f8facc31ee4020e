#!/usr/bin/env bash
# Runs every scenario of every client and makes docs/CLIENTS.md from what came out, also when some fail.
# Arguments go to the runner.
source "$(dirname "$0")/say.sh"

cargo nextest --version >/dev/null 2>&1 || die 'cargo-nextest is missing: cargo install --locked cargo-nextest'
page='test(=table::the_page_is_made_from_the_rows)'
run() { cargo nextest run --locked --package weir --run-ignored all --no-fail-fast "$@"; }

# The test programs in which clients run: their own two, those of each ecosystem, and the book, which shows some.
programs=(clients clients_images images apt book composer conda go hex homebrew maven rpm rubygems terraform)

rm -rf target/clients
status=0
run "${programs[@]/#/--test=}" --filterset "not $page" "$@" || status=$?
run --test clients --filterset "$page" || status=$?
exit "$status"
