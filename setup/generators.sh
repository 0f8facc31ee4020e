#!/usr/bin/env bash
# Installs the generators of documentation that sites with the pixel and the script are built with in tests.
source "$(dirname "$0")/say.sh"

wanted=(mkdocs==1.6.1 sphinx==9.0.4)
stamp=.setup/generators/.installed
[ "$(cat "$stamp" 2>/dev/null || true)" = "${wanted[*]}" ] && exit 0

say "installing ${wanted[*]} into .setup/generators"
python3 -m venv --clear .setup/generators
.setup/generators/bin/python -m pip install --quiet --disable-pip-version-check "${wanted[@]}"
echo "${wanted[*]}" >"$stamp"
