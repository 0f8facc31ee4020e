#!/usr/bin/env bash
# Installs a server that speaks like S3, for the test that exports to a bucket.
source "$(dirname "$0")/say.sh"

wanted='moto[server,s3]==5.2.5'
stamp=.setup/bucket/.installed
[ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ] && exit 0

say "installing $wanted into .setup/bucket"
python3 -m venv --clear .setup/bucket
.setup/bucket/bin/python -m pip install --quiet --disable-pip-version-check "$wanted"
echo "$wanted" >"$stamp"
