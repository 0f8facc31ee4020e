"""The load: wrk for as much as goes, h2load for a steady rate."""

import pathlib
import re
import subprocess

from process import LOAD_CORE, cpu_s

CONNECTIONS = 64
UNITS_MS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


def full_speed(server, script: pathlib.Path | None, path: str, seconds: float, tls: bool = False) -> dict:
    """One round of wrk: requests a second, latencies, and what each request cost the server."""
    root = f"https://get.bench.localhost:{server.https}" if tls else f"http://get.bench.localhost:{server.port}"
    before = cpu_s(server.gateway)
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--latency"]
    command += ["-s", str(script)] if script else []
    said = _run([*command, root + path])
    cpu = cpu_s(server.gateway) - before
    if found := re.search(r"Non-2xx or 3xx.*|Socket errors.*", said):
        raise SystemExit(f"a server failed under load: {found[0]}")
    requests = int(re.search(r"(\d+) requests in", said)[1])
    return {
        "requests": requests,
        "requests_per_s": float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
        "cpu_us": cpu / requests * 1e6,
        "p50_ms": _percentile(said, "50%"),
        "p99_ms": _percentile(said, "99%"),
    }


def steady(server, paths: list[str], rate: int, seconds: float, folder: pathlib.Path) -> dict:
    """One round of h2load at `rate`: each of its connections sends on a timer of its own, and waits
    for an answer before the next request."""
    addresses, log = folder / "addresses", folder / "latencies"
    addresses.write_text("".join(f"http://get.bench.localhost:{server.port}{path}\n" for path in paths))
    log.unlink(missing_ok=True)
    # Rates are whole numbers per connection.
    each = round(rate / CONNECTIONS)
    before = cpu_s(server.gateway)
    command = ["taskset", "-c", LOAD_CORE, "h2load", "--h1", "-t1", f"-c{CONNECTIONS}", f"-D{seconds:g}"]
    said = _run([*command, f"--rps={each}", f"--log-file={log}", "-i", str(addresses)])
    cpu = cpu_s(server.gateway) - before
    failed = int(re.search(r"(\d+) failed", said)[1])
    lines = [line.split("\t") for line in log.read_text().splitlines()]
    statuses = {status for _, status, _ in lines}
    if failed or statuses != {"302"}:
        raise SystemExit(f"a server failed at a steady rate: {failed} requests, answers {statuses}")
    took = sorted(int(micros) / 1e3 for _, _, micros in lines)
    return {
        "requests": len(took),
        "requests_per_s": len(took) / seconds,
        "cpu_us": cpu / len(took) * 1e6,
        "p50_ms": took[len(took) // 2],
        "p99_ms": took[len(took) * 99 // 100],
    }


def over_http2(server, path: str, seconds: float) -> dict:
    """One round of h2load, as many requests at once as its connections take."""
    before = cpu_s(server.gateway)
    command = ["taskset", "-c", LOAD_CORE, "h2load", "-t1", f"-c{CONNECTIONS}", "-m10", f"-D{seconds:g}"]
    said = _run([*command, f"https://get.bench.localhost:{server.https}{path}"])
    cpu = cpu_s(server.gateway) - before
    if "Application protocol: h2" not in said:
        raise SystemExit("a server did not agree on HTTP/2")
    done, failed = (int(re.search(rf"(\d+) {what}", said)[1]) for what in ("3xx", "failed"))
    if failed or not done:
        raise SystemExit(f"a server failed over HTTP/2: {failed} of {done} requests")
    return {"requests": done, "requests_per_s": done / seconds, "cpu_us": cpu / done * 1e6}


def handshakes(server, seconds: float) -> dict:
    """One round of full handshakes, one after the other: sessions are not resumed, and nothing is asked."""
    before = cpu_s(server.gateway)
    command = ["taskset", "-c", LOAD_CORE, "openssl", "s_time", "-connect", f"127.0.0.1:{server.https}", "-new"]
    said = _run([*command, "-time", f"{max(1, round(seconds))}"])
    cpu = cpu_s(server.gateway) - before
    count, took = re.search(r"(\d+) connections in (\d+) real seconds", said).groups()
    return {"requests": int(count), "requests_per_s": int(count) / int(took), "cpu_us": cpu / int(count) * 1e6}


def _percentile(said: str, name: str) -> float:
    value, unit = re.search(rf"{name}\s+([\d.]+)(us|ms|s|m)\b", said).groups()
    return float(value) * UNITS_MS[unit]


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise SystemExit(f"{command[3]} failed: {done.stderr or done.stdout}")
    return done.stdout
