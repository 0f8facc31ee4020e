#!/usr/bin/env bash
# Takes the pictures of the page that README.md and docs/ show, of a demo in a folder of its own.
source "$(dirname "$0")/say.sh"

program=${PICTURES_PROGRAM:-target/release/weir}
[ -x "$program" ] || die "there is no $program: run make build"
folder=$(mktemp -d)
"$program" demo --data-dir "$folder/demo" --port 47080 --dashboard-port 47081 --docs-port 47082 >"$folder/said" 2>&1 &
demo=$!
trap 'kill "$demo" 2>/dev/null || true; wait "$demo" || true; rm -rf "$folder"' EXIT

link() { grep -o 'http://[^ ]*/setup#code=[^ ]*' "$folder/said" 2>/dev/null; }
for _ in $(seq 120); do
  link >/dev/null && break
  kill -0 "$demo" || die "the demo ended: $(tail -n 3 "$folder/said")"
  sleep 1
done
mkdir -p docs/pictures
(cd dashboards/web && node scripts/pictures.mjs "$(link)" ../../docs/pictures)
say "docs/pictures: $(du -h -c docs/pictures/*.png | tail -n 1 | cut -f 1)"
