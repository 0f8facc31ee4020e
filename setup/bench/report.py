"""Medians, ratios and one table."""

import os
import pathlib
import platform
import statistics
from dataclasses import dataclass, field

median = statistics.median


@dataclass
class Row:
    """One line of the report."""

    name: str
    figures: dict
    rounds: list = field(default_factory=list)
    # The row whose CPU time and rate this one's are divided by.
    against: str | None = None
    # The row whose latencies are taken off this one's.
    added_to: str | None = None

    @classmethod
    def of(cls, name: str, rounds: list[dict], against: str | None = None, added_to: str | None = None) -> "Row":
        medians = {key: median(found[key] for found in rounds) for key in rounds[0]}
        return cls(name, medians, rounds, against, added_to)


COLUMNS = [
    ("requests/s", "requests_per_s", "{:,.0f}"),
    ("CPU µs", "cpu_us", "{:.2f}"),
    ("ratio", "cpu_ratio", "{:.2f}"),
    ("p50 ms", "p50_ms", "{:.2f}"),
    ("p99 ms", "p99_ms", "{:.2f}"),
    ("added p50", "added_p50_ms", "{:+.2f}"),
    ("added p99", "added_p99_ms", "{:+.2f}"),
    ("events/s", "events_per_s", "{:,.0f}"),
    ("engine µs", "engine_cpu_us", "{:.2f}"),
    ("bytes/event", "bytes_per_event", "{:.1f}"),
    ("KiB", "kib", "{:.1f}"),
    ("RSS MiB", "rss_mib", "{:.0f}"),
    ("median s", "median_s", "{:.2f}"),
    ("longest s", "longest_s", "{:.2f}"),
]


class Report:
    """What was measured, on which machine."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        # Others' work on the same cores makes every figure worse than it is.
        self._busy_before = os.getloadavg()[0]

    def add(self, rows: list[Row]) -> None:
        by_name = {row.name: row for row in rows}
        for row in rows:
            if base := by_name.get(row.against):
                row.figures["cpu_ratio"] = _ratio(row, base, "cpu_us")
                row.figures["rate_ratio"] = _ratio(row, base, "requests_per_s")
            if base := by_name.get(row.added_to):
                row.figures["added_p50_ms"] = row.figures["p50_ms"] - base.figures["p50_ms"]
                row.figures["added_p99_ms"] = row.figures["p99_ms"] - base.figures["p99_ms"]
        self._rows += rows

    def figures(self) -> dict:
        rows = {row.name: {**row.figures, "rounds": row.rounds} for row in self._rows}
        return {"machine": machine(), "load_before": self._busy_before, "rows": rows}

    def table(self) -> str:
        width = max(len(row.name) for row in self._rows)
        used = [column for column in COLUMNS if any(column[1] in row.figures for row in self._rows)]
        lines = [f"{machine()}; load average before: {self._busy_before:.2f}", "medians; CPU µs is the server's per request or event, ratio is to nginx in the same round, or for 100,000 routes to 100", ""]
        lines.append(" ".join([" " * width, *(f"{title:>11}" for title, _, _ in used)]))
        for row in self._rows:
            cells = (format_.format(row.figures[key]) if key in row.figures else "" for _, key, format_ in used)
            lines.append(" ".join([row.name.ljust(width), *(f"{cell:>11}" for cell in cells)]))
        return "\n".join(line.rstrip() for line in lines)


def _ratio(row: Row, base: Row, key: str) -> float:
    """The median of what it was in each round: a machine that others use too is faster in one round than in the next,
    by more than the two differ."""
    return median(found[key] / other[key] for found, other in zip(row.rounds, base.rounds, strict=True))


def machine() -> str:
    return f"{model()}, {os.cpu_count()} cores, Linux {platform.release()}; server on core 0, load on core 1, 64 connections"


def model() -> str:
    """What the processor calls itself."""
    return next(
        (line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")),
        platform.machine(),
    )
