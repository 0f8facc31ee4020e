#!/usr/bin/env bash
# Builds the book of docs/ into target/book, with mdBook from crates.
source "$(dirname "$0")/say.sh"

version=0.5.4
mdbook=.setup/mdbook/bin/mdbook
if [ "$($mdbook --version 2>/dev/null)" != "mdbook v$version" ]; then
  say "installing mdbook $version"
  cargo install --quiet --locked --root .setup/mdbook --no-default-features --features search "mdbook@$version"
fi
$mdbook build docs
say 'the book: target/book/index.html'
