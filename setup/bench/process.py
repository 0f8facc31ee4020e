"""Processes under measurement: pinned to a core, their CPU time and memory read from /proc."""

import atexit
import os
import pathlib
import signal
import socket
import subprocess
import time

SERVER_CORE = "0"
LOAD_CORE = "1"
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE_S = 60

_running: list["Server"] = []


class Server:
    """A process and its children, on one core or on all, ended when the benchmark ends."""

    def __init__(self, command: list[str], log: pathlib.Path, core: str | None = SERVER_CORE):
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*([] if core is None else ["taskset", "-c", core]), *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self.pid = self._process.pid
        self.log = log
        _running.append(self)

    def wait_until_listening(self, port: int) -> None:
        def listens() -> bool:
            if self._process.poll() is not None:
                raise SystemExit(f"{self.log.name}: ended at its start: {self.log.read_text()[-2000:]}")
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        wait_until(listens, f"a listener on port {port}")

    def children(self) -> list[int]:
        """Direct and further children, as they are now."""
        parents = {}
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit() and (fields := _stat(int(entry.name))):
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
        found, open_ = [], [self.pid]
        while open_:
            more = parents.get(open_.pop(), [])
            found += more
            open_ += more
        return found

    def stop(self) -> None:
        if self in _running:
            _running.remove(self)
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=45)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


@atexit.register
def _stop_all() -> None:
    for server in list(_running):
        server.stop()


def cpu_s(pids: list[int]) -> float:
    """User and system time of processes so far, in seconds."""
    ticks = 0
    for pid in pids:
        if fields := _stat(pid):
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def rss_mib(pids: list[int]) -> float:
    """Resident memory, in MiB."""
    pages = 0
    for pid in pids:
        try:
            pages += int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def anonymous_mib(pids: list[int]) -> float:
    """Resident memory that is no file's, in MiB: what was appended to the spool lately is mapped."""
    status = (pathlib.Path(f"/proc/{pid}/status").read_text() for pid in pids)
    return sum(int(text.partition("RssAnon:")[2].split()[0]) for text in status) / 1024


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/PID/stat from the state on: index 1 is the parent, 11 and 12 the times."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return None


def wait_until(holds, what: str, patience_s: float = PATIENCE_S) -> None:
    """Waits until `holds()`; ends the benchmark if it never does."""
    deadline = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit(f"never came: {what}")
        time.sleep(0.02)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
