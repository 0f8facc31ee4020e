#!/usr/bin/env bash
# Makes names such as pypi.demo.localhost resolve to this machine. Browsers and curl do that by
# themselves; pip, uv and skopeo ask the system.
source "$(dirname "$0")/say.sh"

name=pypi.demo.localhost
resolves() { getent hosts "$name" >/dev/null; }

resolves && exit 0
say "names under .localhost do not resolve here; libnss-myhostname makes them"
setup/apt.sh libnss-myhostname
resolves || die "$name still does not resolve: add myhostname to the hosts line of /etc/nsswitch.conf"
