#!/usr/bin/env bash
# Installs the program that asks every route of openapi.json, in the version the tests were written with.
source "$(dirname "$0")/say.sh"

wanted='schemathesis==4.32.5'
stamp=.setup/schemathesis/.installed
[ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ] && exit 0

say "installing $wanted into .setup/schemathesis"
python3 -m venv --clear .setup/schemathesis
.setup/schemathesis/bin/python -m pip install --quiet --disable-pip-version-check "$wanted"
echo "$wanted" >"$stamp"
