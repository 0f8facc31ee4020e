#!/usr/bin/env bash
# Builds a package of the last commit in two folders and compares what comes out, byte for byte:
#   setup/reproducible.sh              the program itself; as long as two releases take
#   setup/reproducible.sh weir-event   one package, in a minute
source "$(dirname "$0")/say.sh"
source setup/remap.sh

package=${1:-weir}
# The program is built as a release is, where `make profile` has learnt what it takes.
profile=$(realpath --canonicalize-existing --quiet "${CARGO_TARGET_DIR:-target}/weir.profdata" || true)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# build NAME: names differ in length, so that a path in the bytes would move what comes after it.
build() {
  local tree=$folder/$1
  mkdir -p "$tree"
  git archive HEAD | tar -x -C "$tree"
  [ "$package" != weir ] || cp -r dashboards/web/build "$tree/dashboards/web/build"
  say "building $package in $tree"
  (remap "$tree" "$tree/target" "$profile" && cd "$tree" && cargo build --quiet --locked --release --package "$package")
  if [ "$package" = weir ]; then
    (cd "$tree/target/release" && sha256sum weir)
  else
    (cd "$tree/target/release/deps" && sha256sum "lib${package//-/_}"-*.rlib)
  fi >"$folder/$1.sums"
}

build one
build the-other
cmp "$folder/one.sums" "$folder/the-other.sums" || die "$package is not the same twice"
say "$package is the same twice:"
cat "$folder/one.sums"
