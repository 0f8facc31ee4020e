#!/usr/bin/env bash
# Makes what is released, in target/dist: the program, what it is installed with, its parts list and their sums.
# The same commit, compiler and system make the same bytes: setup/reproducible.sh proves it. docs/releasing.md says the rest.
source "$(dirname "$0")/say.sh"
source setup/remap.sh

[ -z "$(git status --porcelain --untracked-files=no)" ] || die 'the tree has changes: commit them, a release is a commit'
[ -f dashboards/web/build/index.html ] || die 'the page is not built: make web'

version=$(cargo metadata --locked --no-deps --format-version 1 | python3 -c 'import json, sys
print(next(p["version"] for p in json.load(sys.stdin)["packages"] if p["name"] == "weir"))')
name=weir-$version-$(uname -m)-linux
target=${CARGO_TARGET_DIR:-$PWD/target}
dist=$target/dist
profile=$target/weir.profdata
[ -f "$profile" ] || die "there is no $profile: make profile, or put that of the release to make again there"

say "building $name"
WEIR_COMMIT=$(git rev-parse HEAD)
WEIR_COMPILER=$(rustc --version)
export WEIR_COMMIT WEIR_COMPILER
remap "$PWD" "$target" "$profile"
cargo build --locked --release --package weir

say 'collecting'
rm -rf "$dist"
install -D "$target/release/weir" "$dist/$name/bin/weir"
strip --strip-all "$dist/$name/bin/weir"
install -D -m 0644 config/systemd/weir.service "$dist/$name/lib/systemd/system/weir.service"
install -D -m 0644 config/weir.example.toml "$dist/$name/share/doc/weir/weir.example.toml"
for page in LICENSE CHANGELOG.md docs/*.md; do
  install -D -m 0644 "$page" "$dist/$name/share/doc/weir/$(basename "$page")"
done
cp -r config/container config/helm "$dist/$name/share/doc/weir/"
setup/sbom.py >"$dist/$name.cdx.json"
cp "$dist/$name.cdx.json" "$dist/$name/share/doc/weir/weir.cdx.json"

say 'packing'
tar --create --directory "$dist" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
  --mode='u+rw,go+r,go-w' --format=gnu "$name" | gzip --no-name --best >"$dist/$name.tar.gz"
install -m 0644 "$profile" "$dist/$name.profdata"
(cd "$dist" && sha256sum "$name.tar.gz" "$name.cdx.json" "$name.profdata" >SHA256SUMS)
cat "$dist/SHA256SUMS"
