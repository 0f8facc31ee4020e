#!/usr/bin/env bash
# Everything that can be judged without running the program.
source "$(dirname "$0")/say.sh"
web=dashboards/web

say 'Rust: formatting'
cargo fmt --all --check

say 'Rust: lints'
cargo clippy --locked --workspace --all-targets -- -D warnings

say 'Rust: documentation'
RUSTDOCFLAGS='-D warnings' cargo doc --locked --workspace --no-deps --document-private-items

if cargo deny --version >/dev/null 2>&1; then
  say 'Rust: dependencies, their owners, licences and sources'
  cargo deny --locked check bans licenses sources
else
  say 'cargo-deny is not installed: dependencies are not checked (cargo install --locked cargo-deny)'
fi

setup/packaging.sh

say 'page: types and accessibility'
npm --prefix $web run check
say 'page: formatting'
npm --prefix $web run lint
say 'page: size'
npm --prefix $web run budget

say 'page: the API client is what openapi.json makes'
npm --prefix $web run test -- api
