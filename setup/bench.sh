#!/usr/bin/env bash
# Measures the optimised program against nginx on this machine, over loopback: one table on standard
# output, all figures in target/bench.json. BENCH_SECONDS is the length of a round (5 unless set).
source "$(dirname "$0")/say.sh"

[ -x target/release/weir ] || die 'there is no target/release/weir: run make build'
[ "$(nproc)" -ge 2 ] || die 'this needs two cores: one for the server, one for the load'
[ "$(df --output=avail -B1G target | tail -1)" -ge 6 ] || die 'logs and events of all rounds need 6 GB of room in target/'
exec python3 -B setup/bench
