#!/usr/bin/env bash
# Unpacks a server that speaks RESP, for the tests of the shared salt. It is not installed: no service
# is set up, and the tests start servers of their own.
source "$(dirname "$0")/say.sh"

server=.setup/redis/redis-server
[ -x "$server" ] && exit 0

command -v apt-get >/dev/null || die "needed: $server, a server such as Redis or Valkey; put one there"
say 'unpacking redis-server into .setup/redis'
rm -rf .setup/redis
mkdir -p .setup/redis/packages
libraries=(libatomic1 libjemalloc2 liblua5.1-0 liblzf1 lua-bitop lua-cjson)
(
  cd .setup/redis/packages
  apt-get -qq download redis-server redis-tools "${libraries[@]}" 2>download.log ||
    { cat download.log >&2; die 'apt could not fetch redis-server; run: apt-get update'; }
)
for package in .setup/redis/packages/*.deb; do
  dpkg-deb --extract "$package" .setup/redis
done
rm -r .setup/redis/packages

# The libraries are beside it.
cat >"$server" <<'SCRIPT'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH=$(echo "$here"/usr/lib/*-linux-gnu) exec "$here/usr/bin/redis-server" "$@"
SCRIPT
chmod 755 "$server"
"$server" --version >/dev/null || die "$server does not run here"
