"""What each page of the dashboard asks, asked again and again, and how long the answers take."""

import json
import math
import statistics
import subprocess
import time

from dashboard import Dashboard

ROUNDS = 5
# How long answers are remembered at most, those about a range that is past.
REMEMBERED_S = 21
WEB = "dashboards/web"


def ask_pages(dashboard: Dashboard) -> dict[str, dict]:
    """By page: milliseconds of each answer in each round, how many requests there are, and rows read for all."""
    pages = recorded(dashboard)
    found: dict[str, dict] = {page: {"ms": [], "rows_read": 0, "asked": 0} for page in pages}
    for _ in range(ROUNDS):
        time.sleep(REMEMBERED_S)
        for page, requests in pages.items():
            answers = [(dashboard.again(request), request) for request in requests]
            one = found[page]
            one["ms"] += [answer["ms"] for answer, _ in answers]
            one["rows_read"] = sum(answer["rows_read"] for answer, _ in answers)
            one["asked"] = len(requests)
    return found


def recorded(dashboard: Dashboard) -> dict[str, list[dict]]:
    """What a browser that walks through all pages asks. A stream of messages has no end to wait for."""
    command = ["node", "scripts/asked.mjs", f"http://127.0.0.1:{dashboard.port}", dashboard.cookie]
    printed = subprocess.run(command, cwd=WEB, stdout=subprocess.PIPE, text=True, check=True)
    pages = json.loads(printed.stdout)
    return {
        page: [request for request in requests if not request["path"].startswith("/api/v2/live")]
        for page, requests in pages.items()
    }


def pages_of(found: dict[str, dict]) -> list[str]:
    """The table of pages."""
    lines = [
        f"What each page asks the API when it opens, for the busiest package, {ROUNDS} rounds with nothing remembered, one request"
        " after another (the page sends them side by side): milliseconds of one answer, and rows read for all.",
        "",
        "| page | requests | p50 | p95 | rows read |",
        "|---|--:|--:|--:|--:|",
    ]
    for page, one in found.items():
        if not one["ms"]:
            continue
        p50, p95 = statistics.median(one["ms"]), nearest_rank(one["ms"], 0.95)
        lines.append(f"| `{page}` | {one['asked']} | {p50:.0f} ms | {p95:.0f} ms | {one['rows_read']:,} |")
    return lines


def nearest_rank(values: list[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed."""
    return sorted(values)[max(1, math.ceil(len(values) * share)) - 1]
