#!/usr/bin/env bash
# Installs the Debian packages named on the command line where they are missing.
# Their services are not started: the tests run servers of their own, on ports of their own.
source "$(dirname "$0")/say.sh"

missing=()
for package in "$@"; do
  state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [ "$state" = 'install ok installed' ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

command -v apt-get >/dev/null || die "needed and not found: ${missing[*]}; install them with this system's package manager"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || die "run as root: apt-get install ${missing[*]}"
  as_root=(sudo)
fi
# `env` rather than assignments, which sudo would drop.
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"; }

say "installing with apt: ${missing[*]}"
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
fi

mkdir -p .setup
install() { apt update && apt install --no-install-recommends "${missing[@]}"; }
install >.setup/apt.log 2>&1 || {
  say 'apt failed; trying once more'
  install >.setup/apt.log 2>&1
} || {
  tail -n 20 .setup/apt.log >&2
  die "apt could not install ${missing[*]}; the whole story is in .setup/apt.log"
}
