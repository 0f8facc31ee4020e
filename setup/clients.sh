#!/usr/bin/env bash
# Installs pip and uv, in the versions the tests were written with, where nothing else uses them.
source "$(dirname "$0")/say.sh"

wanted=(pip==26.3 uv==0.13.8)
stamp=.setup/venv/.installed
[ "$(cat "$stamp" 2>/dev/null || true)" = "${wanted[*]}" ] && exit 0

say "installing ${wanted[*]} into .setup/venv"
python3 -m venv --clear .setup/venv
.setup/venv/bin/python -m pip install --quiet --disable-pip-version-check "${wanted[@]}"
echo "${wanted[*]}" >"$stamp"
