#!/usr/bin/env bash
# Measures every question of the page, and exports, over made-up events, and writes the tables into
# docs/MEASURED.md. FIGURES_EVENTS is how many (20 million unless set; about 25 bytes of disk each);
# FIGURES_DATA is a demo's folder to keep, so that the events of an earlier run serve again.
source "$(dirname "$0")/say.sh"

program=${FIGURES_PROGRAM:-target/release/weir}
[ -x "$program" ] || die "there is no $program: run make build"
exec python3 -B setup/bench/figures.py "$program"
