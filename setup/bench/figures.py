"""Measures questions and exports over many made-up events, and writes the tables into docs/MEASURED.md."""

import datetime
import os
import pathlib
import shutil
import statistics
import sys
import time

from dashboard import Dashboard
from pages import ask_pages, pages_of
from questions import PACKAGE, QUESTIONS, asked
from report import model

EVENTS = int(os.environ.get("FIGURES_EVENTS", "20000000"))
KEPT = os.environ.get("FIGURES_DATA")
DATA = pathlib.Path(KEPT or "target/figures").resolve()
PAGE = pathlib.Path("docs/MEASURED.md")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
ROUNDS = 3
# Almost as far as single events reach back.
DAYS = 88
# How long answers are remembered: about a running period, and about one that is past, as one that is compared with.
LIVE_S, PAST_S = 2.5, 21
# By days of UTC the rollups of days answer what they can, by another zone's those of hours; where days begin at half
# an hour, events answer everything.
BY_DAYS, BY_HOURS, BY_EVENTS = ZONES = "UTC", "Europe/Zurich", "Asia/Kolkata"
FORMATS = ["csv", "ndjson", "parquet", "arrow"]


def main() -> int:
    DATA.mkdir(parents=True, exist_ok=True)
    dashboard = Dashboard(sys.argv[1], DATA, EVENTS, DATA / "figures.log")
    at_rest = dashboard.engine_mib()
    print("== asking", file=sys.stderr, flush=True)
    questions, most = ask_all(dashboard)
    print("== opening pages", file=sys.stderr, flush=True)
    pages = ask_pages(dashboard)
    print("== exporting", file=sys.stderr, flush=True)
    exports = {format_: dashboard.export({"site_id": "*", "date_range": "91d", "format": format_}) for format_ in FORMATS}
    text = "\n".join(
        [head(dashboard, at_rest, most), "", *tables_of(dashboard), "", *questions_of(questions), "", *pages_of(pages), "", *exports_of(dashboard, exports)]
    )
    dashboard.server.stop()
    before, rest = PAGE.read_text().split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
    print(text)
    if not KEPT:
        shutil.rmtree(DATA, ignore_errors=True)
    return 0


def ask_all(dashboard: Dashboard) -> tuple[dict, float]:
    """Medians of each question by each way, and the engine's largest memory meanwhile."""
    ways = [(site, zone) for site in ("*", PACKAGE) for zone in ZONES]
    rounds: dict = {}
    most = 0.0
    for _ in range(ROUNDS):
        for site, zone in ways:
            time.sleep(LIVE_S)
            for name, question in QUESTIONS.items():
                found = dashboard.ask(asked(question, site, last_days(), zone))
                rounds.setdefault((name, site, zone), []).append(found)
                most = max(most, dashboard.engine_mib())
        time.sleep(PAST_S)
    medians = {}
    for key, found in rounds.items():
        medians[key] = {**found[0], "ms": statistics.median(one["ms"] for one in found)}
    return medians, most


def last_days() -> list[str]:
    today = datetime.datetime.now(datetime.UTC).date()
    return [str(today - datetime.timedelta(days=DAYS - 1)), str(today)]


def head(dashboard: Dashboard, at_rest: float, most: float) -> str:
    made = f"made in {dashboard.made_in_s:.0f} s, " if dashboard.made_in_s else ""
    load = os.getloadavg()[0]
    busy = " **Others used the machine: times are far too long; rows, sizes and memory hold.**" if load > 2 * os.cpu_count() else ""
    return (
        f"{datetime.date.today():%-d %B %Y}, {model()}, {os.cpu_count()} cores, load average {load:.1f}. {EVENTS:,} made-up events of a year"
        f" ({made}fifty packages); the table of events forgets what is older than 90 days. Engine: {at_rest:.0f} MiB at rest,"
        f" at most {most:.0f} MiB while asked.{busy}"
    )


def tables_of(dashboard: Dashboard) -> list[str]:
    lines = ["| table | rows | MiB on disk | bytes a row | parts |", "|---|--:|--:|--:|--:|"]
    for name, rows, size, parts in dashboard.tables():
        if rows > 1000:
            lines.append(f"| `{name}` | {rows:,} | {size / 2**20:.1f} | {size / rows:.1f} | {parts} |")
    return lines


def questions_of(found: dict) -> list[str]:
    lines = [
        f"Milliseconds over HTTP, medians of {ROUNDS}, and rows read; {DAYS} days. \"Days\" asks by days of UTC and \"hours\" by those"
        " of Zurich, where rollups answer what they hold; \"events\" asks by days of India, which begin at half an hour. `e`"
        " marks what events had to answer anyway.",
        "",
        "| question | all packages, days | hours | events | one package, days | hours | events |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name in QUESTIONS:
        cells = [cell(zone, found[name, site, zone]) for site in ("*", PACKAGE) for zone in ZONES]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def cell(zone: str, found: dict) -> str:
    mark = " e" if zone != BY_EVENTS and found["tables"] == ["events"] else ""
    return f"{found['ms']:.0f} ms, {found['rows_read']:,}{mark}"


def exports_of(dashboard: Dashboard, found: dict) -> list[str]:
    lines = ["Exports of every event there is, all columns, over HTTP:", "", "| format | MiB | seconds | engine at most |", "|---|--:|--:|--:|"]
    for format_, one in found.items():
        lines.append(f"| {format_} | {one['mib']:,.0f} | {one['s']:.1f} | {one['engine_mib']:.0f} MiB |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
