"""Measures Weir against nginx: the same requests, the same cores, in turns, medians."""

import json
import os
import pathlib
import shutil
import sys

import connections
import measure
from report import Report
from traffic import Traffic

SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
ROUNDS = 9
FOLDER = pathlib.Path("target/bench").resolve()
FIGURES = pathlib.Path("target/bench.json")


def main() -> int:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    report = Report()
    traffic = Traffic(FOLDER)
    steps = [
        ("redirects", lambda: measure.redirects(FOLDER, traffic, SECONDS, ROUNDS)),
        ("redirects by TLS", lambda: measure.tls(FOLDER, traffic, SECONDS, 7)),
        ("10,000 certificates", lambda: connections.names(FOLDER, 3)),
        ("10,000 idle connections", lambda: connections.idle(FOLDER, traffic)),
        ("100,000 routes on 10,000 domains", lambda: measure.scale(FOLDER, traffic, SECONDS, 5)),
        ("latency at 3,000 requests a second", lambda: measure.latency(FOLDER, traffic, SECONDS, 3)),
        ("proxied kilobytes", lambda: measure.proxied(FOLDER, SECONDS, 7)),
        ("documents of packages", lambda: measure.documents(FOLDER, traffic, SECONDS, 5)),
        ("an outage of ClickHouse, and after", lambda: measure.outage(FOLDER, traffic, SECONDS)),
        ("from answer to row, at rest", lambda: measure.freshness(FOLDER)),
    ]
    for name, step in steps:
        print(f"== measuring {name}", file=sys.stderr, flush=True)
        report.add(step())
    FIGURES.write_text(json.dumps(report.figures(), indent=2) + "\n")
    print(report.table())
    print(f"== all figures are in {FIGURES}", file=sys.stderr)
    shutil.rmtree(FOLDER, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
