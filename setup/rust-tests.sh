#!/usr/bin/env bash
# Runs the Rust tests of the whole workspace; arguments go to the runner.
source "$(dirname "$0")/say.sh"

if cargo nextest --version >/dev/null 2>&1; then
  exec cargo nextest run --locked --workspace --no-fail-fast "$@"
fi
say 'cargo-nextest is not installed: running cargo test, which is slower'
exec cargo test --locked --workspace --no-fail-fast "$@"
