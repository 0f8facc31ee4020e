#!/usr/bin/env bash
# Puts the ClickHouse engine library beside the programs that cargo builds.
source "$(dirname "$0")/say.sh"

if [ "$(uname -sm)" != 'Linux x86_64' ]; then
  command -v clickhouse >/dev/null && exit 0
  die "there is no engine library for $(uname -sm): install the clickhouse program, or set clickhouse.url to a server"
fi

# `latest` in the registry is older and cannot listen; this version is the one that was tested.
setup/fetch.sh '@chdb/lib-linux-x64-gnu@26.7.3-stable.1' \
  'sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==' \
  .setup/engine libchdb.so

for profile in debug release; do
  folder=${CARGO_TARGET_DIR:-target}/$profile
  mkdir -p "$folder"
  ln -sfn "$PWD/.setup/engine/libchdb.so" "$folder/libchdb.so"
done
