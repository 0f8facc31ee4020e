"""A demo with many made-up events, and its owner who asks."""

import json
import pathlib
import re
import time
import urllib.error
import urllib.request

from process import Server, free_port, rss_mib, wait_until

HOUR_S = 3600


class Dashboard:
    """`weir demo` on every core, with what each statement read in its log."""

    def __init__(self, program: str, data: pathlib.Path, events: int, log: pathlib.Path):
        self._data = data
        self.port = free_port()
        ports = ["--port", str(free_port()), "--dashboard-port", str(self.port), "--docs-port", str(free_port())]
        environment = ["env", "WEIR_LOG=info,weir_dashboards::store=debug"]
        command = [*environment, program, "demo", "--data-dir", str(data), "--events", str(events), *ports]
        fresh = not (data / "clickhouse/data").exists()
        started = time.monotonic()
        log.write_text("")
        self.server = Server(command, log, core=None)
        self.server.wait_until_listening(self.port)
        if fresh:
            wait_until(lambda: "made-up history is in" in log.read_text(), "the history", 4 * HOUR_S)
        else:
            wait_until(lambda: self._count() is not None, "the tables")
        self.made_in_s = time.monotonic() - started if fresh else None
        wait_until(lambda: self._merges() == 0, "the end of merges", HOUR_S)
        self._offset = 0
        self.cookie = self._owner(log)

    def _owner(self, log: pathlib.Path) -> str:
        account = self._data / "figures.cookie"
        if account.exists():
            return account.read_text()
        code = re.search(r"#code=(\S+)", log.read_text()).group(1)
        made = {"code": code, "name": "figures", "password": "measured twice, cut once"}
        answer = self._send("/api/v2/setup", made)
        cookie = answer.headers["set-cookie"].split(";")[0]
        account.write_text(cookie)
        return cookie

    def _send(self, path: str, body: dict | None, method: str = "POST"):
        origin = f"http://127.0.0.1:{self.port}"
        headers = {"content-type": "application/json", "origin": origin, "cookie": getattr(self, "cookie", "")}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(origin + path, data, headers, method=method)
        try:
            return urllib.request.urlopen(request, timeout=HOUR_S)
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path}: {error.code} {error.read().decode()}") from error

    def ask(self, question: dict) -> dict:
        """One answer: how long it took, what ClickHouse read for it, and from where."""
        return self.again({"method": "POST", "path": "/api/v2/query", "body": question})

    def again(self, request: dict) -> dict:
        """The same of any request: its method, path and body."""
        self._statements()
        started = time.monotonic()
        with self._send(request["path"], request["body"], request["method"]) as answer:
            answer.read()
        took = time.monotonic() - started
        statements = self._statements()
        return {
            "ms": took * 1000,
            "rows_read": sum(int(found["rows_read"]) for found in statements),
            "tables": sorted({found["from"] for found in statements}),
        }

    def export(self, wanted: dict) -> dict:
        """One export, thrown away: bytes, seconds, and the engine's largest memory meanwhile."""
        most, size, started = 0.0, 0, time.monotonic()
        with self._send("/api/v2/export", wanted) as answer:
            while piece := answer.read(4 << 20):
                size += len(piece)
                most = max(most, self.engine_mib())
        return {"mib": size / 2**20, "s": time.monotonic() - started, "engine_mib": most}

    def engine_mib(self) -> float:
        """Memory of the engine now."""
        # `env` becomes the program, whose only child is the engine.
        return rss_mib(self.server.children())

    def _statements(self) -> list[dict]:
        """What was asked of ClickHouse since the last look."""
        text = self.server.log.read_text()[self._offset :]
        self._offset += len(text)
        lines = [json.loads(line) for line in text.splitlines() if line.startswith("{") and '"asked"' in line]
        return [line.get("fields", line) for line in lines]

    def sql(self, text: str) -> list[list] | None:
        """Rows of a statement, as the user that migrates; nothing while the engine does not answer."""
        try:
            access = json.loads((self._data / "clickhouse/access.json").read_text())
            request = urllib.request.Request(
                f"http://127.0.0.1:{access['port']}/?database=weir&default_format=JSONCompactEachRow"
                "&output_format_json_quote_64bit_integers=0",
                data=text.encode(),
                headers={"X-ClickHouse-User": "weir_migrate", "X-ClickHouse-Key": access["migrate"]},
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                return [json.loads(line) for line in answer.read().splitlines()]
        except OSError:
            return None

    def _count(self) -> int | None:
        rows = self.sql("SELECT count() FROM events")
        return rows[0][0] if rows else None

    def _merges(self) -> int | None:
        rows = self.sql("SELECT count() FROM system.merges")
        return rows[0][0] if rows else None

    def tables(self) -> list[list]:
        """Name, rows, bytes on disk and parts of each table."""
        return self.sql(
            "SELECT table, sum(rows), sum(bytes_on_disk), count() FROM system.parts"
            " WHERE active AND database = 'weir' GROUP BY table ORDER BY sum(bytes_on_disk) DESC"
        )
