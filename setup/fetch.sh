#!/usr/bin/env bash
# Fetches a package from the npm registry into a folder, checked against a pinned digest.
#   fetch.sh NAME@VERSION INTEGRITY FOLDER FILE...
# Unpacks FILE... (names within the package) into FOLDER. Does nothing if that was done before.
source "$(dirname "$0")/say.sh"

spec=$1 integrity=$2 folder=$3
shift 3
stamp="$folder/.fetched"
[ "$(cat "$stamp" 2>/dev/null || true)" = "$spec $integrity $*" ] && exit 0

command -v npm >/dev/null || die 'npm is missing: install Node 20 or later'
work=.setup/fetch.$$
mkdir -p "$work" "$folder"
trap 'rm -rf "$work"' EXIT

say "fetching $spec from the npm registry"
# A cache of its own, so that what has arrived can be measured and is gone afterwards.
npm pack "$spec" --cache "$work/cache" --pack-destination "$work" >/dev/null 2>"$work/npm.log" &
npm=$!
for ((seconds = 1; ; seconds++)); do
  sleep 1
  kill -0 "$npm" 2>/dev/null || break
  ((seconds % 5)) || say "  $(du -sm "$work/cache" | cut -f 1) MB so far"
done
wait "$npm" || {
  cat "$work/npm.log" >&2
  die "npm could not fetch $spec"
}

tarball=$(echo "$work"/*.tgz)
found=$(node -e '
  const hash = require("node:crypto").createHash("sha512");
  require("node:fs").createReadStream(process.argv[1])
    .on("data", (part) => hash.update(part))
    .on("end", () => console.log("sha512-" + hash.digest("base64")));
' "$tarball")
[ "$found" = "$integrity" ] || die "$spec is not what was pinned: $found instead of $integrity"

say "unpacking $*"
rm -f "$stamp"
tar -xzf "$tarball" -C "$folder" --strip-components=1 "${@/#/package/}"
echo "$spec $integrity $*" >"$stamp"
